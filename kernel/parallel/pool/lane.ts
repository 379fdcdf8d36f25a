import { uniqueId } from '../../random.ts'
import { nobody, workFor } from '../../session/owner.ts'
import { QueueClosed } from '../client/errors.ts'
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

  /** Resolves when the hub has it. */
  async put(item: Item): Promise<void> {
    await workFor(nobody, () => realm().client.ask({ type: 'put', queue: this.#queue, item, wait: true }))
  }

  close(): void {
    realm().client.tell({ type: 'close', queue: this.#queue })
  }

  /** The items, until the lane is closed and empty. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    try {
      for (;;) {
        const { items } = (await workFor(nobody, () => realm().client.ask({ type: 'get', queue: this.#queue, wait: true, most: 1 }))) as Batch
        yield items[0] as Item
      }
    } catch (error) {
      if (!(error instanceof QueueClosed)) throw error
    }
  }
}
