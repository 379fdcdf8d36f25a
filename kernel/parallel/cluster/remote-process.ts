import { once } from 'node:events'
import { finished, Readable } from 'node:stream'
import { promisify } from 'node:util'
import { Channel } from '../../cluster/channel.ts'
import type { Endpoint } from '../../cluster/endpoint.ts'
import { Kind } from '../../cluster/frame.ts'
import { type Hello, keysOf, type MachineName } from '../../cluster/hello.ts'
import type { Spent } from '../start/spent.ts'
import type { Exit } from '../start/starter.ts'

/** How long a machine may take to end a process that was killed before it counts as ended, in milliseconds. */
const PATIENCE = 5000
const KILLED: Exit = { exitCode: -9, signal: 'SIGKILL' }
const HIGH_WATER = 256 * 1024

/** How a process on another machine ended. */
export interface RemoteExit extends Exit {
  /** Nobody had asked for it: another attempt may go better. The reason is for people. */
  readonly died?: string
}

/** A process that a machine runs for a job, as the session sees it. */
export class RemoteProcess {
  readonly pid: number
  readonly machine: MachineName
  readonly stdout = new Source()
  readonly stderr = new Source()
  /** Settles when everything that it printed and said has been read. */
  readonly exited: Promise<RemoteExit>
  readonly #endpoint: Endpoint
  readonly #channel: Channel
  readonly #exit = Promise.withResolvers<RemoteExit>()
  readonly #watch: Disposable
  readonly #early: Uint8Array[] = []
  #listener: ((bytes: Uint8Array) => void) | undefined
  #usage: PromiseWithResolvers<Spent> | undefined

  constructor(endpoint: Endpoint, hello: Hello, id: Buffer) {
    const { toMachine, toSession } = keysOf(endpoint.key.secret, hello)
    this.pid = hello.pid
    this.machine = hello.machine
    this.#endpoint = endpoint
    this.#channel = new Channel({
      id,
      keys: { out: toMachine, in: toSession },
      send: frame => endpoint.post(hello.machine.id, frame),
      receive: (kind, payload) => this.#takers[kind]?.(payload)
    })
    endpoint.add(this.#channel)
    this.#watch = endpoint.pulse.watch(hello.machine.id, () => this.lose(`its machine ${hello.machine.name} does not answer any more`))
    this.exited = this.#finish()
  }

  /** Bytes for the link that the process was given. */
  send(bytes: Uint8Array): void {
    this.#channel.send(Kind.link, bytes)
  }

  /** Resolves when there is room for more; undefined when there is. */
  room(): Promise<void> | undefined {
    return this.#channel.room()
  }

  /** Bytes that the process sends by its link. */
  listen(listener: (bytes: Uint8Array) => void): void {
    this.#listener = listener
    for (const bytes of this.#early.splice(0)) listener(bytes)
  }

  kill(signal: NodeJS.Signals): void {
    this.#channel.send(Kind.signal, Buffer.from(signal))
    if (signal === 'SIGKILL') setTimeout(() => this.#exit.resolve(KILLED), PATIENCE).unref()
  }

  /** What it has used so far. */
  spent(): Promise<Spent> {
    if (!this.#usage) {
      this.#usage = Promise.withResolvers()
      this.#channel.send(Kind.usage, new Uint8Array())
    }
    return this.#usage.promise
  }

  /** It counts as dead from now on, whatever it is doing. */
  lose(reason: string): void {
    this.#exit.resolve({ ...KILLED, died: reason })
  }

  readonly #takers: Readonly<Partial<Record<Kind, (payload: Uint8Array) => Promise<void> | undefined>>> = {
    [Kind.link]: payload => {
      if (this.#listener) this.#listener(payload)
      else this.#early.push(payload)
      return undefined
    },
    [Kind.stdout]: payload => this.stdout.feed(payload),
    [Kind.stderr]: payload => this.stderr.feed(payload),
    [Kind.usage]: payload => {
      this.#usage?.resolve(JSON.parse(Buffer.from(payload).toString()) as Spent)
      this.#usage = undefined
      return undefined
    },
    [Kind.exit]: payload => {
      this.#exit.resolve(JSON.parse(Buffer.from(payload).toString()) as RemoteExit)
      return undefined
    }
  }

  async #finish(): Promise<RemoteExit> {
    const exit = await this.#exit.promise
    this.#watch[Symbol.dispose]()
    // Where it still runs, it must not go on: nobody listens.
    this.#channel.send(Kind.bye, new Uint8Array())
    this.#channel.tell()
    this.#usage?.reject(new Error('It has ended.'))
    this.#usage?.promise.catch(() => undefined)
    await Promise.all([this.stdout.end(), this.stderr.end()])
    void this.#forget()
    return exit
  }

  /** When the machine has heard of it, or is gone. */
  async #forget(): Promise<void> {
    using _watch = this.#endpoint.pulse.watch(this.machine.id, () => this.#endpoint.remove(this.#channel))
    await this.#channel.settled()
    this.#endpoint.remove(this.#channel)
  }
}

const ended = promisify(finished)

/** A stream that is fed from outside, as fast as it is read. */
class Source extends Readable {
  #room: PromiseWithResolvers<void> | undefined

  constructor() {
    super({ highWaterMark: HIGH_WATER })
  }

  /** Resolves when there is room again; undefined when there is. */
  feed(bytes: Uint8Array): Promise<void> | undefined {
    if (this.readableEnded || this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))) return undefined
    return (this.#room ??= Promise.withResolvers()).promise
  }

  /** No more will come. Resolves when all has been read. */
  async end(): Promise<void> {
    this.push(null)
    if (!this.readableEnded) await Promise.race([once(this, 'end'), ended(this)])
  }

  override _read(): void {
    this.#room?.resolve()
    this.#room = undefined
  }
}
