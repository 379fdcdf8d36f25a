import { uniqueId } from '../../random.ts'
import { nobody, workFor } from '../../session/owner.ts'
import { QueueClosed, QueueEmpty } from '../client/errors.ts'
import { isLarge } from '../carried.ts'
import { realm } from '../client/realm.ts'
import type { Batch, Item, QueueSpec } from '../protocol.ts'

/**
 * A queue of the hub that carries what was captured already, as it is: shared memory stays shared between threads. It is
 * no cell's: an interrupt ends tasks, not the pool.
 */
export class Lane {
  readonly id: string

  constructor(id: string) {
    this.id = id
  }

  static open(carries: 'tasks' | 'results'): Lane {
    return new Lane(`pool-${carries}-${uniqueId()}`)
  }

  get #queue(): QueueSpec {
    return { id: this.id, maxsize: 0 }
  }

  /** Puts an item without waiting for an answer. What is large goes as it does by `put`, which has lanes for it. */
  send(item: Item): void {
    if (isLarge(item)) this.put(item).catch(() => undefined)
    else realm().client.tell({ type: 'item', queue: this.#queue, item })
  }

  /** Resolves when the hub has it. */
  async put(item: Item): Promise<void> {
    await workFor(nobody, () => realm().client.ask({ type: 'put', queue: this.#queue, item, wait: true }))
  }

  /** Takes an item back that nobody has taken, if there is one. */
  async takeBack(): Promise<Item | undefined> {
    try {
      return await this.#take(false)
    } catch (error) {
      if (error instanceof QueueEmpty || error instanceof QueueClosed) return undefined
      throw error
    }
  }

  close(): void {
    realm().client.tell({ type: 'close', queue: this.#queue })
  }

  /** The items, until the lane is closed and empty. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    try {
      for (;;) yield await this.#take(true)
    } catch (error) {
      if (!(error instanceof QueueClosed)) throw error
    }
  }

  async #take(wait: boolean): Promise<Item> {
    const { items } = (await workFor(nobody, () => realm().client.ask({ type: 'get', queue: this.#queue, wait }))) as Batch
    return items[0] as Item
  }
}
