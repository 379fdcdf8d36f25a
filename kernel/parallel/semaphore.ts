import { UsageError } from '../errors.ts'
import { uniqueId } from '../random.ts'
import { registerCodec } from './capture/codecs.ts'
import type { TryOptions } from './client/limits.ts'
import { realm } from './client/realm.ts'
import { granted, Guard } from './guard.ts'
import type { SemaphoreSpec } from './protocol.ts'

/**
 * Lets so many at a time go on. `release` may be called anywhere, also without `acquire`: then it counts signals.
 * The permits of a worker that fails or is killed are released; one that ends in order keeps what it acquired.
 *
 * @example
 * const semaphore = new Semaphore(2)
 * await semaphore.with(() => sleep(10)) // two at a time, in all workers together
 */
export class Semaphore extends Guard {
  readonly #spec: SemaphoreSpec

  /** @param value how many permits there are at first. Default: 1 */
  constructor(value = 1, spec?: SemaphoreSpec) {
    super()
    if (!Number.isInteger(value) || value < 0) throw new UsageError(`A semaphore starts with a whole number of permits, 0 or more, not with ${String(value)}.`)
    this.#spec = spec ?? { id: uniqueId(), value, bounded: this instanceof BoundedSemaphore }
  }

  acquire(options: TryOptions = {}): Promise<boolean> {
    return granted({ type: 'permit', semaphore: this.#spec, wait: options?.wait ?? true }, options)
  }

  /** Lets the next one go on, or the next `count`. */
  async release(count = 1): Promise<void> {
    if (!Number.isInteger(count) || count < 1) throw new UsageError(`release(count) releases 1 permit or more, not ${String(count)}.`)
    await realm().client.ask({ type: 'permits', semaphore: this.#spec, count })
  }

  static {
    registerCodec('Semaphore', {
      test: value => value instanceof Semaphore,
      encode: (semaphore: Semaphore) => semaphore.#spec,
      decode: (spec: SemaphoreSpec) => new (spec.bounded ? BoundedSemaphore : Semaphore)(spec.value, spec),
      id: (semaphore: Semaphore) => semaphore.#spec.id
    })
  }
}

/**
 * A semaphore for things of which there are so many: releasing more than were acquired is an error, and what a worker
 * held when it ended, however it ended, is released.
 *
 * @example
 * const connections = new BoundedSemaphore(4)
 * await using held = await connections.hold()
 */
export class BoundedSemaphore extends Semaphore {}
