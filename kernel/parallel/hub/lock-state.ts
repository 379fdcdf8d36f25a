import { type Waiter, Waiters } from './waiters.ts'

/** A lock: who holds it and who waits for it. */
export class LockState {
  readonly #waiters = new Waiters<boolean>()
  #holder: object | undefined

  acquire(waiter: Waiter<boolean>, wait: boolean): void {
    if (!this.#holder) this.#grant(waiter)
    else if (wait) this.#waiters.add(waiter)
    else waiter.resolve(false)
  }

  /** As in Python, anybody may release a lock that is held. */
  release(): void {
    if (!this.#holder) throw new Error('The lock is not held: there is nothing to release.')
    this.#holder = undefined
    const next = this.#waiters.shift()
    if (next) this.#grant(next)
  }

  /** Whether a client that has gone held the lock; the next one has it now. */
  drop(client: object, request?: number): boolean {
    this.#waiters.drop(client, request)
    if (request !== undefined || this.#holder !== client) return false
    this.release()
    return true
  }

  #grant(waiter: Waiter<boolean>): void {
    this.#holder = waiter.client
    waiter.resolve(true)
  }
}
