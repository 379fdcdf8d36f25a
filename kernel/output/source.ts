import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { StringDecoder } from 'node:string_decoder'
import { deserialize } from 'node:v8'
import type { Owner, SessionEvent } from '../session/protocol.ts'
import { MarkerKind, MarkerParser, type Part } from './marker.ts'
import { WholeCharacters } from './whole-characters.ts'

/** What waits to be read before the streams are told to pause, in bytes of output. */
const HIGH_WATER = 1024 * 1024

/**
 * What a process printed and said, in order, until both its streams have ended, or `until` resolves: what comes then is
 * left to others. Reading slowly slows the process down: nothing is dropped and little is kept.
 */
export function readOutput(stdout: Readable, stderr: Readable, until?: Promise<unknown>): AsyncIterable<SessionEvent> {
  return readPrinted(stdout, stderr, () => new StringDecoder('utf8'), until)
}

/** The same, for who passes it on: bytes that end with a whole character. */
export function readOutputBytes(stdout: Readable, stderr: Readable, until?: Promise<unknown>): AsyncIterable<Printed<Buffer>> {
  return readPrinted(stdout, stderr, () => new WholeCharacters(), until)
}

function readPrinted<T extends string | Buffer>(stdout: Readable, stderr: Readable, newDecoder: () => Decoder<T>, until?: Promise<unknown>): AsyncIterable<Printed<T>> {
  const queue = new Queue<Printed<T>>()
  const errors = new Track('stderr', queue, newDecoder)
  const output = new Track('stdout', queue, newDecoder, errors)
  const pump = [output.follow(stdout, until), errors.follow(stderr, until)]
  void Promise.all(pump).then(() => queue.close())
  return queue
}

type StreamEvent = Extract<SessionEvent, { readonly type: 'stream' }>
type Said = Exclude<SessionEvent, StreamEvent>
/** What a process printed, in whatever form, or said. */
export type Printed<T> = Said | (Omit<StreamEvent, 'text'> & { readonly text: T })

/** Makes something of bytes that may be cut anywhere. */
interface Decoder<T> {
  write(bytes: Buffer): T
}

/** One of the two streams: who owns its bytes at the moment, and where it must wait for the other. */
class Track<T extends string | Buffer> {
  readonly #parser = new MarkerParser()
  readonly #newDecoder: () => Decoder<T>
  readonly #decoders = new Map<string, Decoder<T>>()
  readonly #queue: Queue<Printed<T>>
  readonly #other: Track<T> | undefined
  #owner: Owner = { cell: '' }
  #name: 'stdout' | 'stderr'
  #fence = 0
  #ended = false
  #advanced = Promise.withResolvers<void>()

  constructor(name: 'stdout' | 'stderr', queue: Queue<Printed<T>>, newDecoder: () => Decoder<T>, other?: Track<T>) {
    this.#name = name
    this.#queue = queue
    this.#newDecoder = newDecoder
    this.#other = other
  }

  /** Resolves when the stream has ended, or is left, and all of it was taken. */
  async follow(stream: Readable, until?: Promise<unknown>): Promise<void> {
    let taken: Promise<void> | undefined
    // Not `for await`, which takes several turns for each chunk.
    const take = (chunk: Buffer): void => {
      taken = this.#takeAll(this.#parser.push(chunk))
      if (!taken) return
      stream.pause()
      void taken.then(() => stream.resume())
    }
    stream.on('data', take)
    await over(stream, until)
    stream.off('data', take)
    await taken
    await this.#takeAll(this.#parser.end())
    this.#ended = true
    this.#advance()
  }

  /** Takes what it can; what it returns is to be waited for before there is more. */
  #takeAll(parts: Iterator<Part>): Promise<void> | undefined {
    for (let { value: part, done } = parts.next(); !done && part; { value: part, done } = parts.next()) {
      const wait = this.#take(part)
      if (wait) return wait.then(() => this.#takeAll(parts))
    }
    return this.#queue.room()
  }

  #take(part: Part): Promise<void> | undefined {
    if (part.type === 'bytes') this.#text(part.bytes)
    else if (part.kind === MarkerKind.owner) this.#setOwner(part.payload)
    else if (part.kind === MarkerKind.event) this.#events(part.payload)
    else return this.#reach(part.payload.readInt32LE())
    return undefined
  }

  #events(payload: Buffer): void {
    const size = payload.length
    for (const event of deserialize(payload) as readonly Said[]) this.#queue.push(event, size)
  }

  #text(bytes: Buffer): void {
    const text = this.#decoder().write(bytes)
    if (text.length > 0) this.#queue.push({ type: 'stream', owner: this.#owner, name: this.#name, text }, bytes.length)
  }

  /** A character may be cut in two by another owner's output: each has a decoder of its own. */
  #decoder(): Decoder<T> {
    const key = `${this.#name} ${this.#owner.cell} ${this.#owner.worker ?? ''} ${this.#owner.output ?? ''}`
    const known = this.#decoders.get(key)
    if (known) return known
    if (this.#decoders.size > 1000) this.#decoders.clear()
    const decoder = this.#newDecoder()
    this.#decoders.set(key, decoder)
    return decoder
  }

  #setOwner(payload: Buffer): void {
    const { name, owner } = JSON.parse(payload.toString()) as { name: 'stdout' | 'stderr'; owner: Owner }
    this.#name = name
    this.#owner = owner
  }

  #reach(fence: number): Promise<void> | undefined {
    this.#fence = fence
    this.#advance()
    return this.#other?.passed(fence)
  }

  /** What to wait for until this stream has come so far; nothing if it has. */
  passed(fence: number): Promise<void> | undefined {
    if (this.#fence >= fence || this.#ended) return undefined
    return this.#advanced.promise.then(() => this.passed(fence))
  }

  #advance(): void {
    this.#advanced.resolve()
    this.#advanced = Promise.withResolvers()
  }
}

async function over(stream: Readable, until: Promise<unknown> | undefined): Promise<void> {
  const left = new AbortController()
  // One that breaks has ended as well: its process is gone.
  const ended = finished(stream, { writable: false, signal: left.signal }).catch(() => undefined)
  await Promise.race([ended, until ?? ended])
  left.abort()
}

interface Item<Event> {
  readonly event: Event
  readonly size: number
}

class Queue<Event> implements AsyncIterable<Event> {
  #items: Item<Event>[] = []
  #size = 0
  #closed = false
  #changed = Promise.withResolvers<void>()
  #taken = Promise.withResolvers<void>()

  push(event: Event, size: number): void {
    this.#items.push({ event, size })
    this.#size += size
    this.#change()
  }

  close(): void {
    this.#closed = true
    this.#change()
  }

  /** What to wait for until more may be pushed; nothing if it may now. */
  room(): Promise<void> | undefined {
    return this.#size > HIGH_WATER ? this.#taken.promise.then(() => this.room()) : undefined
  }

  /** Not a generator, which takes several turns for each event. */
  [Symbol.asyncIterator](): AsyncIterator<Event> {
    let [given, next] = [this.#items, 0]
    const more = async (): Promise<IteratorResult<Event>> => {
      if (next > 0) this.#take((given[next - 1] as Item<Event>).size)
      while (next === given.length) {
        ;[given, next] = [this.#items, 0]
        this.#items = []
        if (given.length > 0) break
        if (this.#closed) return { done: true, value: undefined }
        await this.#changed.promise
      }
      return { done: false, value: (given[next++] as Item<Event>).event }
    }
    return { next: more }
  }

  #change(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  #take(size: number): void {
    this.#size -= size
    this.#taken.resolve()
    this.#taken = Promise.withResolvers()
  }
}
