import { inspect } from 'node:util'
import { UsageError } from '../errors.ts'
import { uniqueId } from '../random.ts'
import { registerCodec } from './capture/codecs.ts'
import { Channel, type PutOptions } from './client/channel.ts'
import { QueueClosed } from './client/errors.ts'
import type { TryOptions, WaitOptions } from './client/limits.ts'
import { realm } from './client/realm.ts'
import type { QueueSpec } from './protocol.ts'

export interface QueueOptions {
  /** How many items it holds before `put` waits. Default: 0, which is no limit, as is anything below. */
  readonly maxsize?: number
}

/**
 * First in, first out, between any threads and processes.
 *
 * @example
 * const queue = new Queue<number>()
 * await queue.put(1)
 * await queue.get() // 1
 * await queue.put(2)
 * queue.close()
 * for await (const item of queue) console.log(item) // 2, and then it is over
 */
export class Queue<T = unknown> implements AsyncIterable<T>, Disposable {
  readonly maxsize: number
  readonly #channel: Channel

  /** @param options the size alone will do, as in Python: `new Queue(10)` */
  constructor(options: QueueOptions | number = {}, spec?: QueueSpec) {
    this.maxsize = sizeOf(options)
    this.#channel = new Channel('Queue', spec ?? this.maxsize)
  }

  /** Waits for room. Rejects with QueueFull without room in time, QueueClosed after `close()`. */
  put(value: T, options?: TryOptions): Promise<void> {
    return this.#channel.put(value, options)
  }

  /** Waits for an item. Rejects with QueueEmpty when none came in time, QueueClosed when none will come. */
  get(options?: TryOptions): Promise<T> {
    return this.#channel.get(options) as Promise<T>
  }

  /** Puts an item if there is room at once. Rejects with QueueFull if not. */
  putNowait(value: T): Promise<void> {
    return this.put(value, { wait: false })
  }

  /** Gets an item if there is one at once. Rejects with QueueEmpty if not. */
  getNowait(): Promise<T> {
    return this.get({ wait: false })
  }

  /** How many items are in it at the moment. */
  qsize(): Promise<number> {
    return this.#channel.size()
  }

  /** Whether nothing is in it at the moment. */
  async empty(): Promise<boolean> {
    return (await this.qsize()) === 0
  }

  /** Whether `put` would have to wait at the moment. */
  async full(): Promise<boolean> {
    return this.maxsize > 0 && (await this.qsize()) >= this.maxsize
  }

  /** Says that an item is dealt with: once for each `get`. Rejects when there were fewer items. */
  async taskDone(): Promise<void> {
    await realm().client.ask({ type: 'taskDone', queue: this.#channel.spec })
  }

  /**
   * Waits until `taskDone` was called for every item that was put. Rejects with TimedOut when that took too long.
   *
   * @example
   * const queue = new Queue<number>()
   * new Thread({ target: async () => { for await (const item of queue) await queue.taskDone() }, daemon: true }).start()
   * for (const item of [1, 2, 3]) await queue.put(item)
   * await queue.join() // all of them are done, not only taken
   * queue.close()
   */
  async join(options?: WaitOptions): Promise<void> {
    await realm().client.ask({ type: 'join', queue: this.#channel.spec }, options)
  }

  /** Nothing more comes in; what is in it can still be had. */
  close(): void {
    this.#channel.close()
  }

  /** Closes the queue at the end of a block: `using queue = new Queue()`. */
  [Symbol.dispose](): void {
    this.close()
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
      encode: (queue: Queue) => queue.#channel.spec,
      decode: (spec: QueueSpec) => new (spec.order ? ordered[spec.order] : Queue)(spec, spec),
      id: (queue: Queue) => queue.#channel.spec.id
    })
  }
}

/**
 * A queue whose newest item is taken first.
 *
 * @example
 * const stack = new LifoQueue<number>()
 * await stack.put(1)
 * await stack.put(2)
 * await stack.get() // 2
 */
export class LifoQueue<T = unknown> extends Queue<T> {
  constructor(options: QueueOptions | number = {}, spec?: QueueSpec) {
    super(options, spec ?? { id: uniqueId(), maxsize: sizeOf(options), order: 'lifo' })
  }
}

/**
 * A queue whose items are taken by their priority, lower ones first, and equal ones in the order in which they came.
 *
 * @example
 * const queue = new PriorityQueue<string>()
 * await queue.put('later', { priority: 5 })
 * await queue.put('first', { priority: -1 })
 * await queue.get() // 'first'
 */
export class PriorityQueue<T = unknown> extends Queue<T> {
  constructor(options: QueueOptions | number = {}, spec?: QueueSpec) {
    super(options, spec ?? { id: uniqueId(), maxsize: sizeOf(options), order: 'priority' })
  }

  /** As in any Queue, with a priority, whose default is 0. */
  override put(value: T, options?: PutOptions): Promise<void> {
    return super.put(value, options)
  }

  override putNowait(value: T, options?: Pick<PutOptions, 'priority'>): Promise<void> {
    return super.put(value, { ...options, wait: false })
  }
}

const ordered = { lifo: LifoQueue, priority: PriorityQueue }

function sizeOf(options: QueueOptions | number): number {
  const maxsize = typeof options === 'object' && options !== null ? (options.maxsize ?? 0) : options
  if (maxsize === Infinity || (Number.isInteger(maxsize) && maxsize <= 0)) return 0
  if (Number.isInteger(maxsize)) return maxsize
  throw new UsageError(`maxsize of a Queue is a whole number, not ${inspect(maxsize)}.`)
}
