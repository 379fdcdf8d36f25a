import type { BarrierSpec, BarrierView, Passage } from '../protocol.ts'
import type { Holding, Member } from './member.ts'
import { hubError, Line, type Waiter } from './waiters.ts'

/** A barrier: who has come to it, and whether it is broken. */
export class BarrierState implements Holding {
  readonly #spec: BarrierSpec
  readonly #line = new Line<Passage>()
  /** Who runs the action while the others wait. */
  #acting: Member | undefined
  #broken = false

  constructor(spec: BarrierSpec) {
    this.#spec = spec
  }

  get atRest(): boolean {
    return !this.#broken && this.#line.size === 0 && !this.#acting
  }

  get view(): BarrierView {
    return { waiting: this.#line.size, broken: this.#broken }
  }

  wait(waiter: Waiter<Passage>): void {
    if (this.#broken) return waiter.reject(brokenError())
    this.#line.add(waiter, undefined, { cancelled: () => this.break(), dropped: () => this.break() })
    this.#advance()
  }

  /** The action was done: the others may go on. */
  acted(member: Member): void {
    if (this.#acting !== member) throw brokenError()
    this.#endAction()
    this.#open(this.#spec.parties - 1)
    this.#advance()
  }

  break(): void {
    this.#broken = true
    this.#endAction()
    this.#line.rejectAll(brokenError())
  }

  /** As new; who waits is told that it broke. */
  reset(): void {
    this.break()
    this.#broken = false
  }

  abandoned(): string {
    this.break()
    return 'it ran the action of a Barrier, which is broken now'
  }

  /** Lets a whole group go on; with an action, one of them goes ahead and does it. */
  #advance(): void {
    const { parties, action } = this.#spec
    if (this.#acting || this.#line.size < parties) return
    if (!action) return this.#open(parties)
    const leader = this.#line.shift()?.waiter as Waiter<Passage>
    this.#acting = leader.member
    leader.member.holdings.add(this)
    leader.resolve({ index: parties - 1, act: true })
  }

  #endAction(): void {
    this.#acting?.holdings.delete(this)
    this.#acting = undefined
  }

  #open(count: number): void {
    for (let index = 0; index < count; index++) this.#line.shift()?.waiter.resolve({ index, act: false })
  }
}

function brokenError(): Error {
  return hubError('BrokenBarrierError', 'The barrier is broken: a party ended, gave up waiting, or called abort() or reset().')
}
