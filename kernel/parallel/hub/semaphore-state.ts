import type { SemaphoreSpec } from '../protocol.ts'
import type { Holding, Leaving, Member } from './member.ts'
import { hubError, Line, type Waiter } from './waiters.ts'

/** A semaphore: how many permits are left, who has the others, and who waits for one. */
export class SemaphoreState implements Holding {
  readonly #spec: SemaphoreSpec
  readonly #line = new Line<boolean>()
  readonly #held = new Map<Member, number>()
  #value: number

  constructor(spec: SemaphoreSpec) {
    this.#spec = spec
    this.#value = spec.value
  }

  get atRest(): boolean {
    return this.#value === this.#spec.value && this.#held.size === 0 && this.#line.size === 0
  }

  acquire(waiter: Waiter<boolean>, wait: boolean): void {
    if (this.#value > 0) this.#grant(waiter)
    else if (wait) this.#line.add(waiter, undefined)
    else waiter.resolve(false)
  }

  release(member: Member, count: number): void {
    if (this.#spec.bounded && this.#value + count > this.#spec.value) {
      throw hubError('UsageError', `The BoundedSemaphore was released more often than acquired: it has ${this.#spec.value} permits.`)
    }
    this.#note(member, -count)
    this.#free(count)
  }

  /** A count of signals, which a Semaphore can be, must not grow when a reader of it simply ends. */
  abandoned(member: Member, leaving: Leaving): string | undefined {
    const count = this.#held.get(member) ?? 0
    this.#held.delete(member)
    if (!this.#spec.bounded && leaving === 'returned') return undefined
    this.#free(count)
    const name = this.#spec.bounded ? 'BoundedSemaphore' : 'Semaphore'
    return `it held ${count === 1 ? 'a permit' : `${count} permits`} of a ${name}, released now`
  }

  #grant(waiter: Waiter<boolean>): void {
    this.#value--
    this.#note(waiter.member, 1)
    waiter.resolve(true)
  }

  #free(count: number): void {
    this.#value += count
    for (let next = this.#value > 0 && this.#line.shift(); next; next = this.#value > 0 && this.#line.shift()) this.#grant(next.waiter)
  }

  /** Anybody may release: what a realm did not acquire itself, it releases for another one. */
  #note(member: Member, change: number): void {
    const held = (this.#held.get(member) ?? 0) + change
    if (held > 0) this.#held.set(member, held)
    else this.#held.delete(member)
    if (held > 0) member.holdings.add(this)
    else member.holdings.delete(this)
    const [other] = this.#held.keys()
    if (held < 0 && other) this.#note(other, held)
  }
}
