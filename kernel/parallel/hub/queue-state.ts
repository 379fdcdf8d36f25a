import { isLarge } from '../carried.ts'
import type { Batch, QueueItem, QueueSpec } from '../protocol.ts'
import { Deque } from './deque.ts'
import type { Holding, Member } from './member.ts'
import { type Items, itemsOf } from './ordered-items.ts'
import { hubError, Line, type Waiter } from './waiters.ts'

/** Items that a realm has ahead of need. They are the queue's until the realm says that it took them. */
interface Lease {
  readonly number: number
  readonly member: Member
  readonly items: Deque<QueueItem>
  recalled: boolean
}

/** After so many items in a row that went to one realm, it gets one more at a time ahead. */
const STREAK_OF_ONE_MORE = 4

/** A queue's items and who waits for it. `maxsize` 0 has room for everything. */
export class QueueState implements Holding {
  readonly #spec: QueueSpec
  readonly #items: Items
  readonly #getters = new Line<Batch, boolean>()
  readonly #putters = new Line<undefined, QueueItem>()
  readonly #watchers = new Line<boolean>()
  readonly #joiners = new Line<undefined>()
  /** Who puts without waiting for an answer, and has to hear of the end. */
  readonly #informed = new Set<Member>()
  #lease: Lease | undefined
  #streak = { member: undefined as Member | undefined, length: 0 }
  #lastLease = 0
  #unfinished = 0
  #closed = false
  #isAbandoned = false

  constructor(spec: QueueSpec) {
    this.#spec = spec
    this.#items = itemsOf(spec)
  }

  get size(): number {
    return this.#items.length + (this.#lease?.items.length ?? 0)
  }

  get atRest(): boolean {
    const waiting = this.#getters.size + this.#putters.size + this.#watchers.size + this.#joiners.size
    return !this.#closed && !this.#isAbandoned && this.size + waiting + this.#unfinished + this.#informed.size === 0
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

  /** Answers with an item, or with several, when `most` is more and nobody else is likely to miss them. */
  get(getter: Waiter<Batch>, wait: boolean, most: number): void {
    if (this.#items.length > 0) return this.#serve(getter, most)
    if (this.#lease) {
      this.#recall(this.#lease)
      this.#getters.add(getter, wait)
    } else if (this.#closed) getter.reject(endError())
    else if (this.#isAbandoned) getter.reject(abandonedError())
    else if (wait) this.#getters.add(getter, wait)
    else getter.reject(hubError('QueueEmpty', 'The queue is empty.'))
  }

  /** Waits until there is an item, or nothing more will come. */
  watch(watcher: Waiter<boolean>, wait: boolean): void {
    if (this.size > 0 || this.#closed || this.#isAbandoned) watcher.resolve(true)
    else if (wait) this.#watchers.add(watcher, undefined)
    else watcher.resolve(false)
  }

  /** The realm has used so many of the items that it has ahead. */
  took(number: number, count: number): void {
    if (this.#lease?.number !== number) return
    this.#lease.items.take(count)
    if (this.#lease.items.length === 0) this.#endLease(this.#lease)
  }

  /** The realm gives back what it has ahead: whoever waits gets it. */
  returned(number: number): void {
    if (this.#lease?.number === number) this.#endLease(this.#lease)
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
    if (!this.#lease) this.#getters.rejectAll(endError())
    this.#putters.rejectAll(closedError())
    this.#watchers.resolveAll(true)
  }

  /** Whether nobody is left to put anything: then who waits is told, until somebody is again. */
  abandon(is: boolean): void {
    this.#isAbandoned = is
    if (!is) return
    if (!this.#lease) this.#getters.rejectAll(abandonedError())
    this.#watchers.resolveAll(true)
  }

  abandoned(): undefined {
    if (this.#lease) this.#endLease(this.#lease)
  }

  #serve(getter: Waiter<Batch>, most: number): void {
    const { member, length } = this.#streak
    const ahead = this.#spec.maxsize === 0 && !this.#spec.order && !this.#lease && member === getter.member ? Math.floor(length / STREAK_OF_ONE_MORE) : 0
    const items = this.#items.take(Math.min(most, 1 + ahead))
    const large = items.findIndex(isLarge)
    // A large one comes alone: it moves to its realm, and what is lent has to stay.
    if (large >= 0) this.#items.unshift(items.splice(Math.max(large, 1)))
    this.#deliver(getter, items)
    const putter = this.#putters.shift()
    if (putter && this.add(putter.note)) putter.waiter.resolve(undefined)
  }

  #deliver(getter: Waiter<Batch>, items: QueueItem[]): void {
    const same = this.#streak.member === getter.member
    this.#streak = { member: getter.member, length: isLarge(items[0]) ? 0 : (same ? this.#streak.length : 0) + items.length }
    getter.resolve(items.length > 1 ? { items, lease: this.#lend(getter.member, items.slice(1)) } : { items })
  }

  #lend(member: Member, items: QueueItem[]): number {
    const lent = new Deque<QueueItem>()
    for (const item of items) lent.push(item)
    this.#lease = { number: ++this.#lastLease, member, items: lent, recalled: false }
    member.holdings.add(this)
    return this.#lease.number
  }

  /** What is left of it goes back to the front, and whoever had to wait for it tries again. */
  #endLease({ member, items }: Lease): void {
    this.#lease = undefined
    member.holdings.delete(this)
    if (items.length > 0) this.#streak = { member: undefined, length: 0 }
    this.#items.unshift(items.take(items.length))
    for (let left = this.#getters.size; left > 0; left--) {
      const next = this.#getters.shift()
      if (next) this.get(next.waiter, next.note, 1)
    }
  }

  #recall(lease: Lease): void {
    if (lease.recalled) return
    lease.recalled = true
    lease.member.client.post({ type: 'recall', queue: this.#spec.id, lease: lease.number })
  }
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
