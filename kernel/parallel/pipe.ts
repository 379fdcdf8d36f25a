import { uniqueId } from '../random.ts'
import { registerCodec } from './capture/codecs.ts'
import { Channel } from './client/channel.ts'
import { ConnectionClosed, QueueClosed, QueueEmpty, TimedOut } from './client/errors.ts'
import type { TryOptions, WaitOptions } from './client/limits.ts'
import { realm } from './client/realm.ts'
import type { PipeEnd, QueueSpec } from './protocol.ts'

export interface PipeOptions {
  /** Whether both ends send and receive. With `false` the first one only receives, and the second one only sends. Default: true. */
  readonly duplex?: boolean
}

type Way = 'both' | 'send' | 'receive'

/**
 * Two connected ends: what one sends, the other receives. `Pipe(false)`, as in Python, is `Pipe({ duplex: false })`.
 *
 * @example
 * const [here, there] = Pipe()
 * const child = new Process({ target: async () => { await there.send('hello'); there.close() } })
 * child.start()
 * await here.recv() // 'hello'
 */
export function Pipe(options: PipeOptions | boolean = {}): [Connection, Connection] {
  const { duplex = true } = typeof options === 'boolean' ? { duplex: options } : options
  const pipe = uniqueId()
  const [forth, back]: QueueSpec[] = [{ id: `${pipe}>`, maxsize: 0 }, { id: `${pipe}<`, maxsize: 0 }]
  const ends = [[forth, back], [back, forth]] as unknown as PipeEnd['queues'][]
  const [first, second] = ends.map((queues, side) => ({ pipe, side: side as 0 | 1, queues })) as [PipeEnd, PipeEnd]
  return [new Connection(first, duplex ? 'both' : 'receive'), new Connection(second, duplex ? 'both' : 'send')]
}

/**
 * One end of a Pipe. It is closed when it is closed wherever it is, when all who have it have ended, or when the worker
 * that used it has failed: then the other end hears so. Who reads there also hears, once all is read, when all workers that
 * it was given to have returned; who made the Pipe may use it then, or give it to the next.
 *
 * @example
 * const [here, there] = Pipe()
 * await there.send('hello')
 * there.close()
 * for await (const value of here) console.log(value) // hello, and then it is over
 */
export class Connection implements AsyncIterable<unknown>, Disposable {
  readonly #end: PipeEnd
  readonly #way: Way
  readonly #out: Channel
  readonly #in: Channel
  #used = false
  #closed = false

  constructor(end: PipeEnd, way: Way, ticket?: string) {
    this.#end = end
    this.#way = way
    this.#out = new Channel('Pipe', end.queues[0])
    this.#in = new Channel('Pipe', end.queues[1])
    this.#tell('hold', ticket)
  }

  /** Sends any value that can travel. Rejects with ConnectionClosed when an end is closed. */
  async send(value: unknown): Promise<void> {
    this.#use('send')
    await this.#guard(this.#out.put(value))
  }

  /** Waits for a value. Rejects with ConnectionClosed when nothing more will come, TimedOut when nothing came in time. */
  async recv(options: WaitOptions = {}): Promise<unknown> {
    this.#use('receive')
    return this.#guard(this.#in.get(options), options.timeout)
  }

  /** Whether `recv` would have something to say, if only that the pipe is closed. Does not wait, unless `timeout` says so. */
  async poll(options: TryOptions = {}): Promise<boolean> {
    this.#use('receive')
    return this.#in.watch({ ...options, wait: options.timeout !== undefined || options.signal !== undefined })
  }

  /** Closes this end here: nothing more is sent or received with it. */
  close(): void {
    if (this.#closed) return
    this.#tell('close')
    this.#closed = true
  }

  /** Whether it was closed here. */
  get closed(): boolean {
    return this.#closed
  }

  /** Closes this end when a block ends: `using connection = …`. */
  [Symbol.dispose](): void {
    this.close()
  }

  /** The values as they come, until the other end is closed. */
  async *[Symbol.asyncIterator](): AsyncGenerator<unknown> {
    try {
      for (;;) yield await this.recv()
    } catch (error) {
      if (!(error instanceof ConnectionClosed)) throw error
    }
  }

  #use(way: Exclude<Way, 'both'>): void {
    if (this.#closed) throw new ConnectionClosed('The connection is closed here.')
    if (this.#way !== 'both' && this.#way !== way) throw new ConnectionClosed(`This end of the Pipe can only ${this.#way}: its pipe was made with { duplex: false }.`)
    if (!this.#used) this.#tell('use')
    this.#used = true
  }

  async #guard<T>(work: Promise<T>, timeout = 0): Promise<T> {
    try {
      return await work
    } catch (error) {
      if (error instanceof QueueClosed) throw new ConnectionClosed('The other end of the Pipe is closed.')
      throw error instanceof QueueEmpty ? new TimedOut(timeout) : error
    }
  }

  #tell(action: 'hold' | 'use' | 'close' | 'send', ticket?: string): void {
    realm().client.tell({ type: 'pipe', end: this.#end, action, ...(ticket === undefined ? {} : { ticket }) })
  }

  /** On its way it belongs to nobody, but is not given up. */
  #pack(): { end: PipeEnd; way: Way; ticket: string } {
    if (this.#closed) throw new ConnectionClosed('A connection that is closed here can not be sent away.')
    const ticket = uniqueId()
    this.#tell('send', ticket)
    return { end: this.#end, way: this.#way, ticket }
  }

  static {
    registerCodec('Connection', {
      test: value => value instanceof Connection,
      encode: (connection: Connection) => connection.#pack(),
      decode: ({ end, way, ticket }: { end: PipeEnd; way: Way; ticket: string }) => new Connection(end, way, ticket),
      id: (connection: Connection) => connection.#end.pipe
    })
  }
}
