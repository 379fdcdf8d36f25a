import { read } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { promisify } from 'node:util'
import { deserialize, serialize } from 'node:v8'

const HEADER_LENGTH = 4
const readSome = promisify(read)

/** One value as bytes on a stream: its length, then V8's own serialisation (Maps, Errors and buffers included). */
export function encodeFrame(value: unknown): Buffer {
  const body = serialize(value)
  const frame = Buffer.allocUnsafe(HEADER_LENGTH + body.length)
  frame.writeUInt32LE(body.length)
  frame.set(body, HEADER_LENGTH)
  return frame
}

export function writeFrame(stream: Writable, value: unknown): boolean {
  return stream.write(encodeFrame(value))
}

/**
 * Reads one value from a descriptor that blocks, and not a byte of what comes behind it. Undefined when the other side is
 * gone.
 */
export async function readFrame<T>(descriptor: number): Promise<T | undefined> {
  const header = Buffer.alloc(HEADER_LENGTH)
  if (!(await fill(descriptor, header))) return undefined
  const body = Buffer.alloc(header.readUInt32LE())
  return (await fill(descriptor, body)) ? (deserialize(body) as T) : undefined
}

async function fill(descriptor: number, buffer: Buffer): Promise<boolean> {
  for (let length = 0; length < buffer.length; ) {
    const { bytesRead } = await readSome(descriptor, buffer, length, buffer.length - length, null)
    if (bytesRead === 0) return false
    length += bytesRead
  }
  return true
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
    const rest = Buffer.concat(this.#chunks)
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
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks)]
    return this.#chunks[0] as Buffer
  }
}
