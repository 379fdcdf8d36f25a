import type { Endpoint } from '../../cluster/endpoint.ts'
import type { Hello, Refusal } from '../../cluster/hello.ts'
import type { Queues } from '../../cluster/queues.ts'
import { newTicket, type Package, sealTicket, type Ticket } from '../../cluster/ticket.ts'
import { UsageError } from '../../errors.ts'
import { uniqueId } from '../../random.ts'
import { type RemoteExit, RemoteProcess } from './remote-process.ts'

/** After so long without a machine somebody should know, in milliseconds. */
const PATIENCE = 3000

export interface OrderOptions {
  readonly name: string
  readonly tags: readonly string[]
  readonly packages: readonly Package[]
  /** How often it may be begun. */
  readonly attempts: number
  readonly priority?: number | undefined
  /** Aborted when nobody needs it any more. */
  readonly stop: AbortSignal
  /** Called when it has waited for a machine for some seconds. */
  waits(): void
}

/** A job, from the moment that it is put into its queue: one process after the other, until one has done it. */
export class Order {
  readonly ticket: Ticket
  readonly #endpoint: Endpoint
  readonly #queues: Queues
  readonly #options: OrderOptions
  readonly #starts = new Set<string>()
  readonly #onStop = () => this.#finish()
  /** The newest. */
  #process: RemoteProcess | undefined
  /** Begun, but not fetched by `next`. */
  #arrived: RemoteProcess | undefined
  #waiting: PromiseWithResolvers<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #refusal: UsageError | undefined
  #isFinished = false

  constructor(endpoint: Endpoint, queues: Queues, options: OrderOptions) {
    this.#endpoint = endpoint
    this.#queues = queues
    this.#options = options
    const { name, tags, packages } = options
    this.ticket = newTicket({ id: uniqueId(), name, tags, packages, session: endpoint.id })
    options.stop.addEventListener('abort', this.#onStop)
  }

  /** Resolves when a machine will find it; once more does no harm. */
  async place(): Promise<void> {
    await this.#queues.add(this.ticket.id, sealTicket(this.#endpoint.key.secret, this.ticket), this.#options)
  }

  /** Whether it is in its queue, as far as is known here. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined
  }

  /** Resolves when a machine has begun it; to nothing when it was stopped before. */
  async next(): Promise<RemoteProcess | undefined> {
    if (!this.#arrived && !this.#isFinished) {
      this.#waiting = Promise.withResolvers()
      this.#timer = setTimeout(() => this.#options.waits(), PATIENCE)
      await this.#waiting.promise
      clearTimeout(this.#timer)
      this.#waiting = undefined
    }
    if (this.#refusal) throw this.#refusal
    const arrived = this.#arrived
    this.#arrived = undefined
    return arrived
  }

  /** Whether another attempt follows this end of a process. */
  goesOn({ died }: RemoteExit): boolean {
    if (died !== undefined && !this.#isFinished && (this.#arrived || this.#starts.size < this.#options.attempts)) return true
    this.#finish()
    return false
  }

  get attempt(): number {
    return this.#starts.size
  }

  get attempts(): number {
    return this.#options.attempts
  }

  /**
   * A machine has begun it. One that did before has stalled, or has nobody any more who hears it. False when this start is
   * of no use: the job is done, or the start was told of before, by the machine or by somebody who has listened.
   */
  begin(hello: Hello, channel: Buffer): boolean {
    const [, start] = hello.nonces
    if (this.#isFinished || this.#starts.has(start) || this.#starts.size >= this.#options.attempts) return false
    const process = new RemoteProcess(this.#endpoint, hello, channel)
    this.#starts.add(start)
    const former = this.#process
    former?.lose(`its machine ${former.machine.name} had lost it`)
    this.#process = process
    this.#arrived = process
    this.#waiting?.resolve()
    return true
  }

  /** No machine can do it as it is: `next` rejects. */
  refuse({ machine, reason }: Refusal): void {
    this.#refusal = new UsageError(`${this.#options.name} can't run on ${machine.name}: ${reason}`)
    this.#finish()
  }

  /** Ends it, whatever it does. */
  close(): void {
    this.#finish()
    this.#process?.lose('the connection with its cluster was closed')
  }

  #finish(): void {
    if (this.#isFinished) return
    this.#isFinished = true
    this.#options.stop.removeEventListener('abort', this.#onStop)
    clearTimeout(this.#timer)
    this.#waiting?.resolve()
    void this.#queues.remove(this.ticket.id, this.#options.tags).catch(() => undefined)
  }
}
