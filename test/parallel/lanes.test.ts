import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { LANE_BYTES, LaneReader, LANES_BYTES, LaneWriter } from '../../kernel/parallel/lanes.ts'

const LARGEST = LANE_BYTES

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

  test('tell once that half of the way is free, to who waits for that', async () => {
    const memory = new ArrayBuffer(LANES_BYTES)
    const [writer, reader] = [new LaneWriter(memory, 0), new LaneReader(memory, 0)]
    const quarter = new Uint8Array(LARGEST / 4)
    for (let round = 0; round < 3; round++) {
      assert.equal(writer.room(), undefined)
      for (let i = 0; i < 4; i++) assert.ok(writer.put(quarter))
      const room = writer.room()
      assert.ok(room)
      assert.deepEqual(Array.from({ length: 4 }, () => reader.take(quarter.slice())), [false, true, false, false])
      writer.released()
      await room
    }
  })

  test('tell nobody of room that was there before anybody waited', () => {
    const memory = new ArrayBuffer(LANES_BYTES)
    const [writer, reader] = [new LaneWriter(memory, 0), new LaneReader(memory, 0)]
    const half = new Uint8Array(LARGEST / 2)
    for (let round = 0; round < 3; round++) {
      assert.ok(writer.put(half))
      assert.equal(writer.room(), undefined)
      assert.equal(reader.take(half.slice()), false)
    }
  })
})
