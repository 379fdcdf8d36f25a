import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LaneReader, LANES_BYTES, LaneWriter } from '../../kernel/parallel/lanes.ts'

const LARGEST = 4 * 2 ** 20

/** Bytes that tell where they come from. */
function bytesFor(seed: number, length: number): Uint8Array {
  return new Uint8Array(length).map((_, i) => seed * 31 + i)
}

describe('lanes', () => {
  for (const number of [0, 1] as const) {
    test(`carry bytes of all sizes round and round, in order (lane ${number})`, () => {
      const memory = new ArrayBuffer(LANES_BYTES)
      const [writer, reader] = [new LaneWriter(memory, number), new LaneReader(memory, number)]
      const under: Uint8Array[] = []
      const takeOne = () => {
        const expected = under.shift() as Uint8Array
        const taken = new Uint8Array(expected.length)
        reader.take(taken)
        assert.deepEqual(Buffer.compare(taken, expected), 0)
      }
      for (let i = 0; i < 300; i++) {
        const bytes = bytesFor(i, (i * 7919 * 37) % 900_000)
        while (!writer.put(bytes)) takeOne()
        under.push(bytes)
      }
      while (under.length > 0) takeOne()
    })
  }

  test('do not disturb each other', () => {
    const memory = new ArrayBuffer(LANES_BYTES)
    for (const number of [0, 1] as const) assert.ok(new LaneWriter(memory, number).put(bytesFor(number, LARGEST)))
    for (const number of [0, 1] as const) {
      const taken = new Uint8Array(LARGEST)
      new LaneReader(memory, number).take(taken)
      assert.equal(Buffer.compare(taken, bytesFor(number, LARGEST)), 0)
    }
  })

  test('refuse what has no room, and take it once there is', () => {
    const memory = new ArrayBuffer(LANES_BYTES)
    const [writer, reader] = [new LaneWriter(memory, 0), new LaneReader(memory, 0)]
    assert.ok(!writer.put(new Uint8Array(LARGEST + 1)))
    assert.ok(writer.put(new Uint8Array(LARGEST - 1)))
    assert.ok(!writer.put(new Uint8Array(2)))
    reader.take(new Uint8Array(LARGEST - 1))
    assert.ok(writer.put(new Uint8Array(2)))
  })
})
