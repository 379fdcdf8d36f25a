import assert from 'node:assert/strict'
import type { KeyObject } from 'node:crypto'
import { describe, test } from 'node:test'
import { Channel, WINDOW } from '../../kernel/cluster/channel.ts'
import { Kind, type SealedFrame } from '../../kernel/cluster/frame.ts'
import { derive } from '../../kernel/cluster/seal.ts'
import { Seeded } from '../support/seeded.ts'

const id = Buffer.from('12345678')
const keys = { a: derive(Buffer.from('secret'), 'a'), b: derive(Buffer.from('secret'), 'b') }

interface Side {
  readonly channel: Channel
  /** Frames that have left and not arrived. */
  readonly leaving: SealedFrame[]
  readonly received: string[]
  bytes: number
  /** What is waited for before more is taken. */
  hold: Promise<void> | undefined
}

/** Two ends, and nothing between them that carries. */
function pair(): { readonly a: Side; readonly b: Side } {
  const side = (out: KeyObject, inwards: KeyObject): Side => {
    const made: Side = {
      leaving: [],
      received: [],
      bytes: 0,
      hold: undefined,
      channel: new Channel({
        id,
        keys: { out, in: inwards },
        send: frame => void made.leaving.push(frame),
        receive: (_kind, payload) => {
          made.bytes += payload.length
          made.received.push(Buffer.from(payload.subarray(0, 10)).toString())
          return made.hold
        }
      })
    }
    return made
  }
  return { a: side(keys.a, keys.b), b: side(keys.b, keys.a) }
}

function deliver(frames: readonly SealedFrame[], to: Side): void {
  for (const frame of frames) to.channel.take(frame)
}

/** Carries both ways until nothing is left to carry. */
function settle({ a, b }: { readonly a: Side; readonly b: Side }): void {
  while (a.leaving.length > 0 || b.leaving.length > 0) {
    deliver(a.leaving.splice(0), b)
    deliver(b.leaving.splice(0), a)
  }
}

describe('a channel', () => {
  test('carries what is sent, in order, both ways', () => {
    const both = pair()
    for (let i = 0; i < 100; i++) both.a.channel.send(Kind.link, Buffer.from(`to b ${i}`))
    for (let i = 0; i < 100; i++) both.b.channel.send(Kind.stdout, Buffer.from(`to a ${i}`))
    settle(both)
    assert.deepEqual(both.b.received, Array.from({ length: 100 }, (_, i) => `to b ${i}`))
    assert.deepEqual(both.a.received, Array.from({ length: 100 }, (_, i) => `to a ${i}`))
  })

  test('large payloads arrive whole, and no more is on its way than its window', () => {
    const both = pair()
    both.a.channel.send(Kind.stdout, Buffer.alloc(10 * WINDOW, 'x'))
    const sent = both.a.leaving.reduce((sum, { payload }) => sum + payload.length, 0)
    assert.equal(sent, WINDOW)
    settle(both)
    assert.equal(both.b.bytes, 10 * WINDOW)
    assert.equal(both.a.channel.room(), undefined)
  })

  test('who takes slowly slows the sender', async () => {
    const both = pair()
    const hold = Promise.withResolvers<void>()
    both.b.hold = hold.promise
    both.a.channel.send(Kind.stdout, Buffer.alloc(3 * WINDOW))
    settle(both)
    assert.equal(both.b.bytes, WINDOW)
    const room = both.a.channel.room()
    assert.ok(room)
    both.b.hold = undefined
    hold.resolve()
    await hold.promise
    while (both.b.bytes < 3 * WINDOW) {
      settle(both)
      await Promise.resolve()
    }
    await room
  })

  test('what is lost, doubled or late changes nothing, once it is sent again', () => {
    for (let seed = 1; seed <= 50; seed++) {
      const seeded = new Seeded(seed)
      const happens = () => seeded.below(5) === 0
      const both = pair()
      const wanted = Array.from({ length: 60 }, (_, i) => `item ${i}`)
      for (const text of wanted) both.a.channel.send(Kind.link, Buffer.from(text))
      const frames = both.a.leaving.splice(0).flatMap(frame => (happens() ? [] : happens() ? [frame, frame] : [frame]))
      if (happens()) frames.reverse()
      deliver(frames, both.b)
      both.a.channel.resend()
      settle(both)
      assert.deepEqual(both.b.received, wanted, `seed ${seed}`)
    }
  })

  test('all is taken at last, and is known to be', async () => {
    const both = pair()
    both.a.channel.send(Kind.exit, Buffer.from('end'))
    const settled = both.a.channel.settled()
    settle(both)
    both.b.channel.tell()
    settle(both)
    await settled
  })

  test('frames of somebody without the keys are ignored', () => {
    const both = pair()
    both.a.channel.send(Kind.link, Buffer.from('genuine'))
    const [genuine] = both.a.leaving.splice(0)
    assert.ok(genuine)
    const { head, payload } = genuine
    for (let at = 0; at < head.length; at++) deliver([{ head: flipped(head, at), payload }], both.b)
    for (let at = 0; at < payload.length; at++) deliver([{ head, payload: flipped(payload, at) }], both.b)
    deliver([{ head: head.subarray(1), payload }, { head, payload: payload.subarray(1) }, { head: Buffer.alloc(0), payload }], both.b)
    assert.deepEqual(both.b.received, [])
    // Nor does one count that is sent back to who sent it.
    deliver([genuine], both.a)
    assert.deepEqual(both.a.received, [])
    deliver([genuine, genuine], both.b)
    assert.deepEqual(both.b.received, ['genuine'])
  })

  test('closed, it holds nobody up', async () => {
    const { a } = pair()
    a.channel.send(Kind.stdout, Buffer.alloc(2 * WINDOW))
    const [room, settled] = [a.channel.room(), a.channel.settled()]
    a.channel.close()
    await Promise.all([room, settled])
    assert.equal(a.channel.room(), undefined)
  })
})

function flipped(bytes: Buffer, at: number): Buffer {
  const forged = Buffer.from(bytes)
  forged.writeUInt8(forged.readUInt8(at) ^ 1, at)
  return forged
}
