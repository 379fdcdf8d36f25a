import { setImmediate as turn } from 'node:timers/promises'
import type { Message } from '../wire/messages.ts'

// A socket is read in one phase of the event loop, so the first turn may end before that phase came.
const QUIET_TURNS = 2

export interface Work {
  handle(message: Message): Promise<void>
  /** Answers an execute_request that won't run, because one before it failed. */
  abort(message: Message): Promise<void>
}

/** Requests that are handled one after the other. */
export class RequestQueue {
  readonly #waiting: Message[] = []
  readonly #doomed = new WeakSet<Message>()
  #arrivals = 0
  #closed = false
  #finished = false
  #wake = Promise.withResolvers<void>()
  #current: Message | undefined

  /** What is being handled. */
  get current(): Message | undefined {
    return this.#current
  }

  push(message: Message): void {
    this.#arrivals++
    this.#waiting.push(message)
    this.#wake.resolve()
  }

  /**
   * Aborts all cells that have come, also those that are still being received. To be awaited before the failure is
   * told: what a front end sends once it knows of it must run.
   */
  async abortWaiting(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS; quiet++) {
      const before = this.#arrivals
      await turn()
      if (this.#arrivals !== before) quiet = -1
    }
    for (const message of this.#waiting) if (message.header.msg_type === 'execute_request') this.#doomed.add(message)
  }

  /** Handles what has come; then `run` resolves. */
  finish(): void {
    this.#finished = true
    this.#wake.resolve()
  }

  /** Handles nothing more; `run` resolves when the current request is done. */
  close(): void {
    this.#closed = true
    this.#wake.resolve()
  }

  async run({ handle, abort }: Work): Promise<void> {
    for (let message = await this.#next(); message; message = await this.#next()) {
      this.#current = message
      await (this.#doomed.has(message) ? abort(message) : handle(message))
      this.#current = undefined
    }
  }

  async #next(): Promise<Message | undefined> {
    while (!this.#closed && !this.#finished && this.#waiting.length === 0) {
      this.#wake = Promise.withResolvers()
      await this.#wake.promise
    }
    return this.#closed ? undefined : this.#waiting.shift()
  }
}
