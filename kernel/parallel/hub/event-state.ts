import { Line, type Waiter } from './waiters.ts'

/** An event: whether it is set, and who waits until it is. */
export class EventState {
  readonly #line = new Line<boolean>()
  #isSet = false

  get atRest(): boolean {
    return !this.#isSet && this.#line.size === 0
  }

  get isSet(): boolean {
    return this.#isSet
  }

  set(): void {
    this.#isSet = true
    this.#line.resolveAll(true)
  }

  clear(): void {
    this.#isSet = false
  }

  wait(waiter: Waiter<boolean>): void {
    if (this.#isSet) waiter.resolve(true)
    else this.#line.add(waiter, undefined)
  }
}
