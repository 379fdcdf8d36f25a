import { registerCodec } from './capture/codecs.ts'
import { Channel } from './client/channel.ts'
import type { WaitOptions } from './client/limits.ts'
import type { QueueSpec } from './protocol.ts'

/**
 * A queue with nothing but `put`, `get`, `empty` and `close`: it has room for everything.
 *
 * @example
 * const queue = new SimpleQueue<string>()
 * await queue.put('hello')
 * await queue.get() // 'hello'
 */
export class SimpleQueue<T = unknown> implements Disposable {
  readonly #channel: Channel

  constructor(spec?: QueueSpec) {
    this.#channel = new Channel('SimpleQueue', spec ?? 0)
  }

  /** Rejects with QueueClosed after `close()`. */
  put(value: T): Promise<void> {
    return this.#channel.put(value)
  }

  /** Waits for an item. Rejects with QueueEmpty when none came in time, QueueClosed when none will come. */
  get(options?: WaitOptions): Promise<T> {
    return this.#channel.get(options) as Promise<T>
  }

  /** Whether nothing is in it at the moment. */
  async empty(): Promise<boolean> {
    return (await this.#channel.size()) === 0
  }

  /** Nothing more comes in; what is in it can still be had. */
  close(): void {
    this.#channel.close()
  }

  /** Closes the queue at the end of a block: `using queue = new SimpleQueue()`. */
  [Symbol.dispose](): void {
    this.close()
  }

  static {
    registerCodec('SimpleQueue', {
      test: value => value instanceof SimpleQueue,
      encode: (queue: SimpleQueue) => queue.#channel.spec,
      decode: (spec: QueueSpec) => new SimpleQueue(spec),
      id: (queue: SimpleQueue) => queue.#channel.spec.id
    })
  }
}
