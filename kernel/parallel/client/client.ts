import { Interrupted, UsageError } from '../../errors.ts'
import { currentOwner } from '../../session/owner.ts'
import type { Ask, Ending, FromHub, Link, QueueSpec, RemoteErrorData, ToHub } from '../protocol.ts'
import { BrokenBarrierError, QueueClosed, QueueEmpty, QueueFull, WorkerError } from './errors.ts'
import { limit, type WaitOptions } from './limits.ts'
import { QueueSide } from './queue-side.ts'

interface Pending {
  /** Why the waiting was given up; the hub has the last word on whether that came in time. */
  reason?: unknown
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** A realm's side of its link to the hub. */
export class HubClient {
  readonly #link: Link<ToHub, FromHub>
  readonly #pending = new Map<number, Pending>()
  readonly #workers = new Map<string, (ending: Ending) => void>()
  readonly #queues = new Map<string, QueueSide>()
  readonly #taken = new Set<QueueSide>()
  #lastRequest = 0

  constructor(link: Link<ToHub, FromHub>) {
    this.#link = link
    if (link.finish) process.once('exit', () => link.finish?.())
  }

  /** Forgets what the realm knew of queues: another target runs in it now. */
  begin(): void {
    this.#queues.clear()
    this.#taken.clear()
  }

  tell(message: ToHub): void {
    this.tellTaken()
    this.#link.post(message)
  }

  /** What this realm knows of a queue, and has of it ahead of need. */
  queue(spec: QueueSpec): QueueSide {
    let side = this.#queues.get(spec.id)
    if (!side) this.#queues.set(spec.id, (side = new QueueSide(this, spec)))
    return side
  }

  /** Something lent was taken: the hub has to hear so before anything else, or else soon. */
  noteTaken(side: QueueSide): void {
    if (this.#taken.size === 0) process.nextTick(() => this.tellTaken())
    this.#taken.add(side)
  }

  tellTaken(): void {
    if (this.#taken.size === 0) return
    for (const side of this.#taken) {
      const message = side.takenSince()
      if (message) this.#link.post(message)
    }
    this.#taken.clear()
  }

  /** Resolves when the link has taken all that was told so far; undefined when it has already. */
  drained(): Promise<void> | undefined {
    return this.#link.drained?.()
  }

  /**
   * Asks the hub, and waits as long as the options say. What the hub gave is never lost: an answer that crosses with
   * the end of the waiting counts.
   */
  ask(ask: Ask, options: WaitOptions = {}): Promise<unknown> {
    options.signal?.throwIfAborted()
    const request = ++this.#lastRequest
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const pending: Pending = { resolve, reject }
    this.#pending.set(request, pending)
    this.tell({ type: 'ask', request, ask, cell: currentOwner().cell })
    if (options.timeout === undefined && !options.signal) return promise
    const limits = limit(options, reason => {
      pending.reason ??= reason
      this.#link.post({ type: 'cancel', request })
    })
    return promise.finally(() => limits[Symbol.dispose]())
  }

  /** Calls back when a worker that was started here has ended. */
  onEnded(worker: string, listener: (ending: Ending) => void): void {
    this.#workers.set(worker, listener)
  }

  /** Takes a message of the hub that concerns requests, queues and workers of this realm. */
  receive(message: FromHub): void {
    if (message.type === 'reply') this.#settle(message.request)?.resolve(message.value)
    else if (message.type === 'failed') this.#fail(message.request, message.error)
    else if (message.type === 'recall') this.#queues.get(message.queue)?.recalled(message.lease)
    else if (message.type === 'closed') this.#queues.get(message.queue)?.close()
    else if (message.type === 'ended') {
      this.#workers.get(message.worker)?.(message.ending)
      this.#workers.delete(message.worker)
    }
  }

  #fail(request: number, error: RemoteErrorData): void {
    const pending = this.#settle(request)
    pending?.reject(error.name === 'Cancelled' ? pending.reason : revive(error))
  }

  #settle(request: number): Pending | undefined {
    const pending = this.#pending.get(request)
    this.#pending.delete(request)
    return pending
  }
}

const classes: Readonly<Record<string, new (message: string) => Error>> = {
  QueueEmpty,
  QueueFull,
  QueueClosed,
  BrokenBarrierError,
  UsageError,
  KeyboardInterrupt: Interrupted
}

/** An error of the hub or of a worker, as this realm's own. */
function revive(data: RemoteErrorData): Error {
  const Class = classes[data.name]
  return Class ? new Class(data.message) : new WorkerError(data)
}
