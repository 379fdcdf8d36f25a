import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { deserialize, serialize } from 'node:v8'

// What cells may overwrite.
const { concat } = Buffer
const HEADER_LENGTH = 4

/** One value as bytes on a stream: its length, then V8's own serialisation (Maps, Errors and buffers included). */
export function encodeFrame(value: unknown): Buffer {
  const body = serialize(value)
  const frame = Buffer.allocUnsafe(HEADER_LENGTH + body.length)
  frame.writeUInt32LE(body.length)
  frame.set(body, HEADER_LENGTH)
  return frame
}

/** Takes one value of a stream after the other, until it ends or breaks: either way the other side is gone. */
export async function followFrames<T>(stream: Readable, take: (value: T) => void): Promise<void> {
  const parser = new FrameParser<T>()
  // Not `for await`, which takes several turns for each chunk.
  stream.on('data', (chunk: Buffer) => {
    for (const value of parser.push(chunk)) take(value)
  })
  await finished(stream, { writable: false }).catch(() => undefined)
}

export class FrameParser<T> {
  #chunks: Buffer[] = []
  #length = 0;

  *push(chunk: Buffer): Generator<T> {
    this.#chunks.push(chunk)
    this.#length += chunk.length
    for (let size = this.#frameLength(); size !== undefined && this.#length >= size; size = this.#frameLength()) {
      const bytes = this.#join()
      this.#chunks = bytes.length > size ? [bytes.subarray(size)] : []
      this.#length -= size
      yield deserialize(bytes.subarray(HEADER_LENGTH, size)) as T
    }
  }

  /** What came behind the last frame: for streams that go on with something else. */
  rest(): Buffer {
    const rest = concat(this.#chunks)
    this.#chunks = []
    this.#length = 0
    return rest
  }

  #frameLength(): number | undefined {
    if (this.#length < HEADER_LENGTH) return undefined
    const first = this.#chunks[0] as Buffer
    return HEADER_LENGTH + (first.length < HEADER_LENGTH ? this.#join() : first).readUInt32LE()
  }

  #join(): Buffer {
    if (this.#chunks.length > 1) this.#chunks = [concat(this.#chunks)]
    return this.#chunks[0] as Buffer
  }
}
