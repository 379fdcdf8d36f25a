import { deserialize, serialize } from 'node:v8'
import { bytesOf, itemOf, withBytes, withItem } from './carried.ts'
import type { LaneReader, LaneWriter } from './lanes.ts'
import type { FromHub, ToHub } from './protocol.ts'
import { isSimple } from './simple-message.ts'

type Message = ToHub | FromHub

/**
 * Each frame: how long its body is and how it is written, how long its tail of raw bytes is and whether that comes by a
 * lane, the body, the tail.
 */
const HEADER_LENGTH = 8
const JSON_FLAG = 2 ** 31
const LANE_FLAG = 2 ** 31
/** So many bytes of an item go as a tail, which need not be copied into a body and out of it. */
const LARGE = 4096
const none = new Uint8Array()

/** A message as pieces to write one after the other, without what went by the lane. */
export function encode(message: Message, lane?: LaneWriter): readonly Uint8Array[] {
  if (isSimple(message)) return [jsonFrame(JSON.stringify(message))]
  const tail = bytesOf(itemOf(message))
  if (!tail || tail.length < LARGE) return [v8Frame(message, 0)]
  const body = withItem(message, item => withBytes(item, none))
  return lane?.put(tail) ? [v8Frame(body, tail.length + LANE_FLAG)] : [v8Frame(body, tail.length), tail]
}

function v8Frame(message: Message, tail: number): Buffer {
  const body = serialize(message)
  const frame = Buffer.allocUnsafe(HEADER_LENGTH + body.length)
  frame.set(body, HEADER_LENGTH)
  return withHeader(frame, body.length, tail)
}

/** Several times as quick as V8's own serialisation, for what it can say. */
function jsonFrame(text: string): Buffer {
  const length = Buffer.byteLength(text)
  const frame = Buffer.allocUnsafe(HEADER_LENGTH + length)
  frame.write(text, HEADER_LENGTH)
  return withHeader(frame, length + JSON_FLAG, 0)
}

function withHeader(frame: Buffer, body: number, tail: number): Buffer {
  frame.writeUInt32LE(body, 0)
  frame.writeUInt32LE(tail, 4)
  return frame
}

/** A frame whose body is there, and its tail perhaps not yet. */
interface Arriving {
  readonly message: Message
  readonly tail: Uint8Array
  filled: number
}

/** Gives the messages back from the bytes of a stream. */
export class Decoder<T> {
  /** Where tails come from that aren't in the stream. */
  lane: LaneReader | undefined
  /** Called when the lane has room again, and its writer waits to hear so. */
  onRoom: () => void = () => undefined
  #chunks: Buffer[] = []
  #length = 0
  #needed = HEADER_LENGTH
  #arriving: Arriving | undefined

  *push(chunk: Buffer): Generator<T> {
    let bytes = chunk
    while (bytes.length > 0) {
      if (this.#arriving) bytes = fill(this.#arriving, bytes)
      else {
        const rest = this.#begin(bytes)
        if (!rest) return
        bytes = rest
      }
      const { message, tail, filled } = this.#arriving as unknown as Arriving
      if (filled < tail.length) continue
      this.#arriving = undefined
      yield (tail.length > 0 ? withItem(message, item => withBytes(item, tail)) : message) as T
    }
  }

  /** Reads the next header and body, and returns what comes behind them; undefined when they are not all there. */
  #begin(bytes: Buffer): Buffer | undefined {
    this.#chunks.push(bytes)
    this.#length += bytes.length
    if (this.#length < this.#needed) return undefined
    const all = this.#chunks.length === 1 ? bytes : Buffer.concat(this.#chunks, this.#length)
    const body = all.readUInt32LE(0)
    const json = body >= JSON_FLAG
    const end = HEADER_LENGTH + (json ? body - JSON_FLAG : body)
    if (all.length < end) return this.#keep(all, end)
    this.#keep(undefined, HEADER_LENGTH)
    const message = (json ? JSON.parse(all.toString('utf8', HEADER_LENGTH, end)) : deserialize(all.subarray(HEADER_LENGTH, end))) as Message
    this.#arriving = this.#tail(message, all.readUInt32LE(4))
    return all.subarray(end)
  }

  #tail(message: Message, length: number): Arriving {
    const byLane = length >= LANE_FLAG
    // Not cleared before, unlike any other: all of it will be written to.
    const tail = new Uint8Array(Buffer.allocUnsafeSlow(byLane ? length - LANE_FLAG : length).buffer)
    if (byLane && (this.lane as LaneReader).take(tail)) this.onRoom()
    return { message, tail, filled: byLane ? tail.length : 0 }
  }

  #keep(bytes: Buffer | undefined, needed: number): undefined {
    this.#chunks = bytes ? [bytes] : []
    this.#length = bytes?.length ?? 0
    this.#needed = needed
  }
}

function fill(arriving: Arriving, bytes: Buffer): Buffer {
  const part = bytes.subarray(0, arriving.tail.length - arriving.filled)
  arriving.tail.set(part, arriving.filled)
  arriving.filled += part.length
  return bytes.subarray(part.length)
}
