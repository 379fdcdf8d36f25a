import type { Leases } from '../leases.ts'
import type { Ahead, Batch, QueueItem, QueueSpec } from '../protocol.ts'
import type { HubClient } from './client.ts'

/** The most items that a realm gets ahead of need, and how soon it must have used them to get more, in milliseconds. */
const MOST = 512
const SOON = 1

/** A queue as one realm knows it, and the items that it has ahead of need. */
export class QueueSide {
  /** Whether the hub tells this realm when the queue is closed, so that items can be sent without waiting for an answer. */
  informed = false
  closed = false
  readonly spec: QueueSpec
  /** What the queue is called in this realm's ring, and among what is lent to it. */
  readonly number: number
  readonly #client: HubClient
  /** Lent by the hub, which may have them back. */
  #items: readonly QueueItem[] = []
  #next = 0
  #arrived = 0
  #most = 1
  #asking = 0

  constructor(client: HubClient, spec: QueueSpec, number: number) {
    this.#client = client
    this.spec = spec
    this.number = number
  }

  /** Whether the next one of the items that are here is this realm's: then it has to `take` it. */
  reserve(): boolean {
    if (this.#items.length === 0) return false
    if (this.#client.leases?.take(this.number)) return true
    this.#items = []
    return false
  }

  take(): QueueItem {
    const items = this.#items
    const item = items[this.#next++]
    if (this.#next === items.length) {
      this.#items = []
      process.nextTick(() => this.#tellUsed())
    }
    return item
  }

  /** Gets a batch from the hub and returns its first item. */
  async fetch(ask: (ahead: Ahead | undefined) => Promise<unknown>): Promise<QueueItem> {
    const leases = this.#client.noteGet()
    this.#adapt()
    try {
      const { items } = (await ask(this.#ahead(leases))) as Batch
      this.#accept(items)
      return items[0]
    } finally {
      this.#asking--
    }
  }

  close(): void {
    this.closed = true
  }

  #ahead(leases: Leases | undefined): Ahead | undefined {
    return this.#asking++ === 0 && leases?.has(this.number) ? { number: this.number, most: this.#most } : undefined
  }

  #accept(items: readonly QueueItem[]): void {
    // Others here have asked before: what was lent is theirs, in their order, which the hub sees to.
    if (items.length === 1 || this.#asking > 1) return
    this.#items = items
    this.#next = 1
    this.#arrived = performance.now()
  }

  /** Who asks for more tells that by asking. */
  #tellUsed(): void {
    if (this.#items.length === 0 && this.#asking === 0) this.#client.tell({ type: 'used', queue: this.spec })
  }

  /** Who uses items quickly gets more of them at a time; who works long on one leaves the next to others. */
  #adapt(): void {
    const soon = performance.now() - this.#arrived < SOON * Math.max(1, this.#next / 64)
    this.#most = soon ? Math.min(this.#most * 2, MOST) : Math.max(this.#most >> 1, 2)
    this.#arrived = performance.now()
  }
}
