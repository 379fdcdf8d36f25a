import type { Batch, QueueItem, QueueSpec, ToHub } from '../protocol.ts'
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
  /** What the queue is called in this realm's ring. */
  readonly number: number
  readonly #client: HubClient
  #items: readonly QueueItem[] = []
  #next = 0
  #lease = 0
  #taken = 0
  #arrived = 0
  #most = 1
  #asking = 0

  constructor(client: HubClient, spec: QueueSpec, number: number) {
    this.#client = client
    this.spec = spec
    this.number = number
  }

  get hasItems(): boolean {
    return this.#next < this.#items.length
  }

  /** The next item of those that are here. */
  take(): QueueItem {
    this.#taken++
    this.#client.noteTaken(this)
    return this.#items[this.#next++]
  }

  /** Gets a batch from the hub and returns its first item. */
  async fetch(ask: (most: number) => Promise<unknown>): Promise<QueueItem> {
    this.#adapt()
    try {
      const batch = (await ask(this.#asking++ === 0 ? this.#most : 1)) as Batch
      this.#accept(batch)
      return batch.items[0]
    } finally {
      this.#asking--
    }
  }

  /** Gives back what is here. */
  recalled(lease: number): void {
    if (lease !== this.#lease) return
    this.#items = []
    this.#client.tell({ type: 'returned', queue: this.spec, lease })
  }

  close(): void {
    this.closed = true
  }

  /** What to tell the hub of items taken since the last time. */
  takenSince(): ToHub | undefined {
    const count = this.#taken
    this.#taken = 0
    return count > 0 ? { type: 'took', queue: this.spec, lease: this.#lease, count } : undefined
  }

  #accept({ items, lease }: Batch): void {
    if (lease === undefined) return
    this.#lease = lease
    this.#arrived = performance.now()
    this.#items = items
    this.#next = 1
    // Others here have asked before: what was lent is theirs, in their order.
    if (this.#asking > 1) this.recalled(lease)
  }

  /** Who uses items quickly gets more of them at a time; who works long on one leaves the next to others. */
  #adapt(): void {
    const soon = performance.now() - this.#arrived < SOON * Math.max(1, this.#items.length / 64)
    this.#most = soon ? Math.min(this.#most * 2, MOST) : Math.max(this.#most >> 1, 2)
    this.#arrived = performance.now()
  }
}
