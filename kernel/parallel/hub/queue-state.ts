import { isLarge } from '../carried.ts'
import type { Ahead, Batch, QueueItem, QueueSpec } from '../protocol.ts'
import type { Leases } from '../leases.ts'
import type { Holding, Member } from './member.ts'
import { type Items, itemsOf } from './ordered-items.ts'
import { hubError, Line, type Waiter } from './waiters.ts'

/** Items that a realm has ahead of need. They are the queue's until the realm takes them. */
interface Lease {
  readonly member: Member
  readonly leases: Leases
  /** Of the word that counts what it takes. */
  readonly number: number
  readonly items: readonly QueueItem[]
}

/** After so many items in a row that went to one realm, it gets one more at a time ahead. */
const STREAK_OF_ONE_MORE = 4

/** A queue's items and who waits for it. `maxsize` 0 has room for everything. */
export class QueueState implements Holding {
  readonly #spec: QueueSpec
  readonly #items: Items
  readonly #getters = new Line<Batch>()
  readonly #putters = new Line<undefined, QueueItem>()
  readonly #watchers = new Line<boolean>()
  readonly #joiners = new Line<undefined>()
  /** Who puts without waiting for an answer, and has to hear of the end. */
  readonly #informed = new Set<Member>()
  #lease: Lease | undefined
  #streak = { member: undefined as Member | undefined, length: 0 }
  #unfinished = 0
  #closed = false
  #isAbandoned = false

  constructor(spec: QueueSpec) {
    this.#spec = spec
    this.#items = itemsOf(spec)
  }

  get size(): number {
    return this.#items.length + (this.#lease ? left(this.#lease) : 0)
  }

  get atRest(): boolean {
    const waiting = this.#getters.size + this.#putters.size + this.#watchers.size + this.#joiners.size
    return !this.#closed && !this.#isAbandoned && !this.#lease && this.size + waiting + this.#unfinished + this.#informed.size === 0
  }

  put(putter: Waiter<undefined>, item: QueueItem, wait: boolean): void {
    if (this.#closed) return putter.reject(closedError())
    if (this.#spec.maxsize === 0) this.#informed.add(putter.member)
    else if (this.#getters.size === 0 && this.#items.length >= this.#spec.maxsize) {
      if (wait) return this.#putters.add(putter, item)
      return putter.reject(hubError('QueueFull', `The queue is full: it has its ${this.#spec.maxsize} items.`))
    }
    this.add(item)
    putter.resolve(undefined)
  }

  /** Takes an item that there is room for. `false` when the queue is closed. */
  add(item: QueueItem): boolean {
    if (this.#closed) return false
    this.#unfinished++
    const getter = this.#getters.shift()?.waiter
    if (getter) this.#deliver(getter, [item])
    else this.#items.push(item)
    this.#watchers.resolveAll(true)
    return true
  }

  /** Answers with an item, or with several, where `ahead` says so and nobody else is likely to miss them. */
  get(getter: Waiter<Batch>, wait: boolean, ahead?: Ahead): void {
    if (this.recall() > 0) this.#serve(getter, ahead)
    else if (this.#closed) getter.reject(endError())
    else if (this.#isAbandoned) getter.reject(abandonedError())
    else if (wait) this.#getters.add(getter, undefined)
    else getter.reject(hubError('QueueEmpty', 'The queue is empty.'))
  }

  /** Waits until there is an item, or nothing more will come. */
  watch(watcher: Waiter<boolean>, wait: boolean): void {
    if (this.size > 0 || this.#closed || this.#isAbandoned) watcher.resolve(true)
    else if (wait) this.#watchers.add(watcher, undefined)
    else watcher.resolve(false)
  }

  /** Takes back what is lent, to the front: nobody waits meanwhile. Returns how many items there are then. */
  recall(): number {
    if (!this.#lease) return this.#items.length
    const { member, leases, number, items } = this.#lease
    const rest = items.slice(leases.revoke(number))
    this.#lease = undefined
    member.holdings.delete(this)
    if (rest.length > 0) this.#streak = { member: undefined, length: 0 }
    this.#items.unshift(rest)
    return this.#items.length
  }

  /** The realm has taken all that it had ahead. */
  used(member: Member): void {
    if (this.#lease?.member === member) this.recall()
  }

  taskDone(): void {
    if (this.#unfinished === 0) throw hubError('UsageError', 'taskDone() was called more often than items were put into the queue.')
    this.#unfinished--
    if (this.#unfinished === 0) this.#joiners.resolveAll(undefined)
  }

  join(joiner: Waiter<undefined>): void {
    if (this.#unfinished === 0) joiner.resolve(undefined)
    else this.#joiners.add(joiner, undefined)
  }

  /** What is in it can still be had; who waits for more is told that nothing will come. */
  close(): void {
    this.#closed = true
    for (const { gone, client } of this.#informed) if (!gone) client.post({ type: 'closed', queue: this.#spec.id })
    this.#informed.clear()
    this.#getters.rejectAll(endError())
    this.#putters.rejectAll(closedError())
    this.#watchers.resolveAll(true)
  }

  /** Whether nobody is left to put anything: then who waits is told, until somebody is again. */
  abandon(is: boolean): void {
    this.#isAbandoned = is
    if (!is) return
    this.#getters.rejectAll(abandonedError())
    this.#watchers.resolveAll(true)
  }

  abandoned(): undefined {
    this.recall()
  }

  #serve(getter: Waiter<Batch>, ahead: Ahead | undefined): void {
    const items = this.#items.take(ahead ? Math.min(ahead.most, 1 + this.#spare(getter.member)) : 1)
    const large = items.findIndex(isLarge)
    // A large one comes alone: it moves to its realm, and what is lent has to stay.
    if (large >= 0) this.#items.unshift(items.splice(Math.max(large, 1)))
    if (ahead && items.length > 1) this.#lend(getter.member, ahead, items.slice(1))
    this.#deliver(getter, items)
    const putter = this.#putters.shift()
    if (putter && this.add(putter.note)) putter.waiter.resolve(undefined)
  }

  #deliver(getter: Waiter<Batch>, items: QueueItem[]): void {
    const same = this.#streak.member === getter.member
    this.#streak = { member: getter.member, length: isLarge(items[0]) ? 0 : (same ? this.#streak.length : 0) + items.length }
    getter.resolve({ items })
  }

  /** How many items it may have besides the one that it needs. */
  #spare(member: Member): number {
    const { length } = this.#streak
    const canLend = this.#spec.maxsize === 0 && !this.#spec.order && member.leases && member === this.#streak.member
    return canLend ? Math.floor(length / STREAK_OF_ONE_MORE) : 0
  }

  #lend(member: Member, { number }: Ahead, items: readonly QueueItem[]): void {
    const leases = member.leases as Leases
    leases.grant(number)
    this.#lease = { member, leases, number, items }
    member.holdings.add(this)
  }
}

/** How many are lent still. */
function left({ items, leases, number }: Lease): number {
  return items.length - leases.taken(number)
}

function closedError(): Error {
  return hubError('QueueClosed', 'The queue is closed: nothing can be put into it.')
}

function abandonedError(): Error {
  return hubError('ConnectionClosed', 'All that were given the other end of the Pipe have ended.')
}

function endError(): Error {
  return hubError('QueueClosed', 'The queue is closed and empty: nothing more will come.')
}
