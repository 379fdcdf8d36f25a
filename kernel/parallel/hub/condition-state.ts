import type { LockState } from './lock-state.ts'
import { Line, type Waiter } from './waiters.ts'

/** A condition: who let go of its lock to be notified. Everybody has the lock again, as often as before, when told anything. */
export class ConditionState {
  readonly #line = new Line<boolean, number>()
  readonly #lock: () => LockState

  constructor(lock: () => LockState) {
    this.#lock = lock
  }

  get atRest(): boolean {
    return this.#line.size === 0
  }

  wait(waiter: Waiter<boolean>): void {
    const depth = this.#lock().releaseAll(waiter.member)
    const giveUp = (error: Error) => {
      this.#line.remove(waiter)
      this.#lock().reacquire(waiter, { depth, error })
    }
    this.#line.add(waiter, depth, { cancelled: giveUp })
  }

  notify(count: number): void {
    for (let left = count; left > 0; left--) {
      const next = this.#line.shift()
      if (!next) return
      this.#lock().reacquire(next.waiter, { depth: next.note })
    }
  }
}
