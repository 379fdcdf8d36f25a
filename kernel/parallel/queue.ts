import { uniqueId } from '../random.ts'
import { registerCodec } from './capture/codecs.ts'
import { QueueClosed, QueueEmpty, QueueFull, TimedOut } from './client/errors.ts'
import { fromItem, toItem } from './client/items.ts'
import type { WaitOptions } from './client/limits.ts'
import { realm } from './client/realm.ts'
import type { Item } from './protocol.ts'

export interface QueueOptions {
  /** How many items it holds before `put` waits. Default: 0, no limit. */
  readonly maxsize?: number
}

export interface PutGetOptions extends WaitOptions {
  /** Whether to wait for room, or for an item. Default: true. */
  readonly wait?: boolean
}

/**
 * First in, first out, between any threads and processes.
 *
 * @example
 * const queue = new Queue<number>()
 * await queue.put(1)
 * await queue.get() // 1
 * for await (const item of queue) console.log(item) // until somebody calls queue.close()
 */
export class Queue<T = unknown> implements AsyncIterable<T> {
  readonly maxsize: number
  readonly #id: string

  constructor({ maxsize = 0 }: QueueOptions = {}, id?: string) {
    this.maxsize = maxsize
    this.#id = id ?? uniqueId()
    if (id === undefined) realm().client.tell({ type: 'open', queue: this.#id, maxsize })
  }

  /** Waits for room. Rejects with QueueFull without room in time, QueueClosed after `close()`. */
  async put(value: T, options: PutGetOptions = {}): Promise<void> {
    const item = toItem(value, 'item of a Queue')
    await translate(QueueFull, () => realm().client.ask({ type: 'put', queue: this.#id, item, wait: options.wait ?? true }, options))
  }

  /** Waits for an item. Rejects with QueueEmpty when none came in time, QueueClosed when none will come. */
  async get(options: PutGetOptions = {}): Promise<T> {
    const item = await translate(QueueEmpty, () => realm().client.ask({ type: 'get', queue: this.#id, wait: options.wait ?? true }, options))
    return (await fromItem(item as Item)) as T
  }

  /** How many items are in it at the moment. */
  async qsize(): Promise<number> {
    return (await realm().client.ask({ type: 'size', queue: this.#id })) as number
  }

  async empty(): Promise<boolean> {
    return (await this.qsize()) === 0
  }

  async full(): Promise<boolean> {
    return this.maxsize > 0 && (await this.qsize()) >= this.maxsize
  }

  /** Nothing more comes in; what is in it can still be had. */
  close(): void {
    realm().client.tell({ type: 'close', queue: this.#id })
  }

  /** The items as they come, until the queue is closed and empty. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    try {
      for (;;) yield await this.get()
    } catch (error) {
      if (!(error instanceof QueueClosed)) throw error
    }
  }

  static {
    registerCodec('Queue', {
      test: value => value instanceof Queue,
      encode: (queue: Queue) => ({ id: queue.#id, maxsize: queue.maxsize }),
      decode: ({ id, maxsize }: { id: string; maxsize: number }) => new Queue({ maxsize }, id)
    })
  }
}

/** Waiting in vain is what Python calls Empty and Full. */
async function translate(Class: new (message: string) => Error, work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof TimedOut ? new Class(error.message) : error
  }
}
