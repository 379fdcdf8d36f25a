import type { LockSpec } from '../protocol.ts'
import type { Holding, Member } from './member.ts'
import { hubError, Line, type Waiter } from './waiters.ts'

/** How often a realm that waits will have acquired the lock then, and what went wrong besides. */
interface Claim {
  readonly depth: number
  readonly error?: Error
}

const once: Claim = { depth: 1 }

/** A Lock or an RLock: who holds it, how often, and who waits for it. */
export class LockState implements Holding {
  readonly #spec: LockSpec
  readonly #line = new Line<boolean, Claim>()
  #holder: Member | undefined
  #depth = 0

  constructor(spec: LockSpec) {
    this.#spec = spec
  }

  get holder(): Member | undefined {
    return this.#holder
  }

  get atRest(): boolean {
    return this.#holder === undefined
  }

  get #name(): string {
    return this.#spec.recursive ? 'RLock' : 'Lock'
  }

  acquire(waiter: Waiter<boolean>, wait: boolean): void {
    if (!this.#holder) this.#grant(waiter, once)
    else if (this.#spec.recursive && this.#holder === waiter.member) {
      this.#depth++
      waiter.resolve(true)
    } else if (wait) this.#line.add(waiter, once, { heldBy: () => this.#holder })
    else waiter.resolve(false)
  }

  /** As in Python, anybody may release a Lock that is held, but an RLock only who holds it. */
  release(member: Member): void {
    if (!this.#holder) throw hubError('UsageError', `The ${this.#name} is not held: there is nothing to release.`)
    if (this.#spec.recursive) this.mustBeHeldBy(member, 'release it')
    if (--this.#depth === 0) this.#pass()
  }

  /** Lets go of the lock altogether. Returns how often it was acquired, for `reacquire`. */
  releaseAll(member: Member): number {
    this.mustBeHeldBy(member, 'wait')
    const depth = this.#depth
    this.#pass()
    return depth
  }

  /** Has the lock again, as often as before, however long that takes. */
  reacquire(waiter: Waiter<boolean>, claim: Claim): void {
    if (!this.#holder) this.#grant(waiter, claim)
    else this.#line.add(waiter, claim, { heldBy: () => this.#holder, cancelled: () => undefined })
  }

  mustBeHeldBy(member: Member, what: string): void {
    if (this.#holder !== member) throw hubError('UsageError', `The ${this.#name} is not held here: acquire it before you ${what}.`)
  }

  abandoned(): string {
    this.#pass()
    return `it held a ${this.#name}, which is released now`
  }

  #pass(): void {
    this.#holder?.holdings.delete(this)
    this.#holder = undefined
    const next = this.#line.shift()
    if (next) this.#grant(next.waiter, next.note)
  }

  #grant(waiter: Waiter<boolean>, { depth, error }: Claim): void {
    this.#holder = waiter.member
    this.#depth = depth
    waiter.member.holdings.add(this)
    if (error) waiter.reject(error)
    else waiter.resolve(true)
  }
}
