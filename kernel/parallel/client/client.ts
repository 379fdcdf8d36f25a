import { UsageError } from '../../errors.ts'
import type { Ask, Ending, FromHub, Link, RemoteErrorData, ToHub } from '../protocol.ts'
import { QueueClosed, QueueEmpty, QueueFull, WorkerError } from './errors.ts'
import { type WaitOptions, within } from './limits.ts'

interface Pending {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** A realm's side of its link to the hub. */
export class HubClient {
  readonly #link: Link<ToHub, FromHub>
  readonly #pending = new Map<number, Pending>()
  readonly #workers = new Map<string, (ending: Ending) => void>()
  #lastRequest = 0

  constructor(link: Link<ToHub, FromHub>) {
    this.#link = link
  }

  tell(message: ToHub): void {
    this.#link.post(message)
  }

  /** Asks the hub, and waits as long as the options say. */
  ask(ask: Ask, limits: WaitOptions = {}): Promise<unknown> {
    limits.signal?.throwIfAborted()
    const request = ++this.#lastRequest
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#pending.set(request, { resolve, reject })
    this.#link.post({ type: 'ask', request, ask })
    return within(promise, limits).finally(() => {
      if (this.#take(request)) this.#link.post({ type: 'cancel', request })
    })
  }

  /** Calls back when a worker that was started here has ended. */
  onEnded(worker: string, listener: (ending: Ending) => void): void {
    this.#workers.set(worker, listener)
  }

  /** Takes a message of the hub that concerns requests and workers of this realm. */
  receive(message: FromHub): void {
    if (message.type === 'reply') this.#take(message.request)?.resolve(message.value)
    else if (message.type === 'failed') this.#take(message.request)?.reject(revive(message.error))
    else if (message.type === 'ended') {
      this.#workers.get(message.worker)?.(message.ending)
      this.#workers.delete(message.worker)
    }
  }

  #take(request: number): Pending | undefined {
    const pending = this.#pending.get(request)
    this.#pending.delete(request)
    return pending
  }
}

const classes: Readonly<Record<string, new (message: string) => Error>> = { QueueEmpty, QueueFull, QueueClosed, UsageError }

/** An error of the hub or of a worker, as this realm's own. */
function revive(data: RemoteErrorData): Error {
  const Class = classes[data.name]
  return Class ? new Class(data.message) : new WorkerError(data)
}
