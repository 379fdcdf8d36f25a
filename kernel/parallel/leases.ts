/** A realm's queues that have a word, and what a word says once the items are the hub's again. */
const QUEUES = 1024
const REVOKED = 2 ** 30
export const LEASES_BYTES = QUEUES * Int32Array.BYTES_PER_ELEMENT

/**
 * How many of the items that a realm has ahead of need are taken: a word for each of its queues, in memory that the hub
 * has, too. So the hub can have the others back at any moment, however busy the realm is, and knows exactly what was
 * taken, however the realm has ended.
 */
export class Leases {
  readonly #words: Int32Array

  constructor(memory: ArrayBufferLike) {
    this.#words = new Int32Array(memory)
  }

  /** Whether there is a word for the queue that the realm calls by this number. */
  has(queue: number): boolean {
    return queue < QUEUES
  }

  /** The hub lends items anew. */
  grant(queue: number): void {
    Atomics.store(this.#words, queue, 0)
  }

  /** The realm takes the next one: `false` when the hub has them back. */
  take(queue: number): boolean {
    return (Atomics.add(this.#words, queue, 1) & REVOKED) === 0
  }

  /** How many the realm has taken of those that are lent. */
  taken(queue: number): number {
    return Atomics.load(this.#words, queue) & ~REVOKED
  }

  /** The realm can take no more of them. Returns how many it has taken. */
  revoke(queue: number): number {
    return Atomics.or(this.#words, queue, REVOKED) & ~REVOKED
  }
}
