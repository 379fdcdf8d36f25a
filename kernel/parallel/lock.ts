import { uniqueId } from '../random.ts'
import { registerCodec } from './capture/codecs.ts'
import { TimedOut } from './client/errors.ts'
import type { WaitOptions } from './client/limits.ts'
import { realm } from './client/realm.ts'

/**
 * Lets one thread or process at a time go on.
 *
 * @example
 * const lock = new Lock()
 * {
 *   await using held = await lock.hold()
 *   counter++
 * } // released here, whatever happened
 */
export class Lock {
  readonly #id: string

  constructor(id?: string) {
    this.#id = id ?? uniqueId()
  }

  /** Waits for the lock. `false` when it could not be had: at once with `wait: false`, or within `timeout` milliseconds. */
  async acquire({ wait = true, ...limits }: WaitOptions & { readonly wait?: boolean } = {}): Promise<boolean> {
    try {
      return (await realm().client.ask({ type: 'acquire', lock: this.#id, wait }, limits)) as boolean
    } catch (error) {
      if (error instanceof TimedOut) return false
      throw error
    }
  }

  /** Lets the next one have it. Rejects when nobody holds it. */
  async release(): Promise<void> {
    await realm().client.ask({ type: 'release', lock: this.#id })
  }

  /** Acquires the lock until the result is disposed of. */
  async hold(): Promise<AsyncDisposable> {
    await this.acquire()
    return { [Symbol.asyncDispose]: () => this.release() }
  }

  /** Runs `work` while holding the lock, and returns what it returns. */
  async with<T>(work: () => T | Promise<T>): Promise<T> {
    await using _held = await this.hold()
    return await work()
  }

  static {
    registerCodec('Lock', {
      test: value => value instanceof Lock,
      encode: (lock: Lock) => lock.#id,
      decode: (id: string) => new Lock(id)
    })
  }
}
