import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { deserialize } from 'node:v8'
import type { Owner, SessionEvent } from '../session/protocol.ts'
import { MarkerKind, MarkerParser, type Part } from './marker.ts'

/** What waits to be read before the streams are told to pause, in bytes of output. */
const HIGH_WATER = 1024 * 1024

/**
 * What a process printed and said, in order, until both its streams have ended. Reading slowly slows the process down:
 * nothing is dropped and little is kept.
 */
export async function* readOutput(stdout: Readable, stderr: Readable): AsyncGenerator<SessionEvent> {
  const queue = new Queue()
  const errors = new Track('stderr', queue)
  const output = new Track('stdout', queue, errors)
  const pump = [output.follow(stdout), errors.follow(stderr)]
  void Promise.all(pump).then(() => queue.close())
  yield* queue
}

/** One of the two streams: who owns its bytes at the moment, and where it must wait for the other. */
class Track {
  readonly #parser = new MarkerParser()
  readonly #decoders = new Map<string, StringDecoder>()
  readonly #queue: Queue
  readonly #other: Track | undefined
  #owner: Owner = { cell: '' }
  #name: 'stdout' | 'stderr'
  #fence = 0
  #ended = false
  #advanced = Promise.withResolvers<void>()

  constructor(name: 'stdout' | 'stderr', queue: Queue, other?: Track) {
    this.#name = name
    this.#queue = queue
    this.#other = other
  }

  async follow(stream: Readable): Promise<void> {
    try {
      for await (const chunk of stream) {
        for (const part of this.#parser.push(chunk as Buffer)) await this.#take(part)
        await this.#queue.room()
      }
    } catch {
      // A stream that breaks has ended: its process is gone.
    }
    for (const part of this.#parser.end()) await this.#take(part)
    this.#ended = true
    this.#advance()
  }

  async #take(part: Part): Promise<void> {
    if (part.type === 'bytes') this.#text(part.bytes)
    else if (part.kind === MarkerKind.owner) this.#setOwner(part.payload)
    else if (part.kind === MarkerKind.event) this.#queue.push(deserialize(part.payload) as SessionEvent, part.payload.length)
    else await this.#reach(part.payload.readInt32LE())
  }

  #text(bytes: Buffer): void {
    const text = this.#decoder().write(bytes)
    if (text) this.#queue.push({ type: 'stream', owner: this.#owner, name: this.#name, text }, bytes.length)
  }

  /** A character may be cut in two by another owner's output: each has a decoder of its own. */
  #decoder(): StringDecoder {
    const key = `${this.#name} ${this.#owner.cell} ${this.#owner.worker ?? ''} ${this.#owner.output ?? ''}`
    const known = this.#decoders.get(key)
    if (known) return known
    if (this.#decoders.size > 1000) this.#decoders.clear()
    const decoder = new StringDecoder('utf8')
    this.#decoders.set(key, decoder)
    return decoder
  }

  #setOwner(payload: Buffer): void {
    const { name, owner } = JSON.parse(payload.toString()) as { name: 'stdout' | 'stderr'; owner: Owner }
    this.#name = name
    this.#owner = owner
  }

  async #reach(fence: number): Promise<void> {
    this.#fence = fence
    this.#advance()
    await this.#other?.passed(fence)
  }

  async passed(fence: number): Promise<void> {
    while (this.#fence < fence && !this.#ended) await this.#advanced.promise
  }

  #advance(): void {
    this.#advanced.resolve()
    this.#advanced = Promise.withResolvers()
  }
}

class Queue implements AsyncIterable<SessionEvent> {
  #items: { readonly event: SessionEvent; readonly size: number }[] = []
  #size = 0
  #closed = false
  #changed = Promise.withResolvers<void>()
  #taken = Promise.withResolvers<void>()

  push(event: SessionEvent, size: number): void {
    this.#items.push({ event, size })
    this.#size += size
    this.#change()
  }

  close(): void {
    this.#closed = true
    this.#change()
  }

  async room(): Promise<void> {
    while (this.#size > HIGH_WATER) await this.#taken.promise
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SessionEvent> {
    while (this.#items.length > 0 || !this.#closed) {
      const items = this.#items
      this.#items = []
      for (const { event, size } of items) {
        yield event
        this.#size -= size
        this.#take()
      }
      if (this.#items.length === 0 && !this.#closed) await this.#changed.promise
    }
  }

  #change(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  #take(): void {
    this.#taken.resolve()
    this.#taken = Promise.withResolvers()
  }
}
