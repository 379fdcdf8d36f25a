import { UsageError } from '../errors.ts'
import { uniqueId } from '../random.ts'
import { registerCodec } from './capture/codecs.ts'
import type { TryOptions, WaitOptions } from './client/limits.ts'
import { realm } from './client/realm.ts'
import { granted, Guard } from './guard.ts'
import { BaseLock } from './lock.ts'
import { RLock } from './rlock.ts'

/**
 * A lock whose holder can let go of it until another one, who holds it then, says that something has changed.
 *
 * @example
 * const changed = new Condition()
 * const stock: number[] = []
 * const consumer = new Thread({ target: () => changed.with(() => changed.waitFor(() => stock.length > 0)) })
 * consumer.start()
 * await changed.with(async () => { stock.push(1); await changed.notify() })
 * await consumer.result() // true
 */
export class Condition extends Guard {
  readonly #lock: BaseLock
  readonly #id: string

  /** @param lock a Lock or an RLock, which several conditions may have in common. Default: a new RLock */
  constructor(lock: BaseLock = new RLock(), id = uniqueId()) {
    super()
    if (!(lock instanceof BaseLock)) throw new UsageError(`A Condition needs a Lock or an RLock, or nothing, as in new Condition(), not ${String(lock)}.`)
    this.#lock = lock
    this.#id = id
  }

  acquire(options?: TryOptions): Promise<boolean> {
    return this.#lock.acquire(options)
  }

  release(): Promise<void> {
    return this.#lock.release()
  }

  /**
   * Lets go of the lock, waits to be notified, and has the lock again. `false` when nobody notified within `timeout`
   * milliseconds. Also when the signal ends the waiting, the lock is held again before the promise rejects.
   */
  wait(options: WaitOptions = {}): Promise<boolean> {
    return granted({ type: 'sleep', condition: this.#id, lock: this.#lock.spec }, options)
  }

  /** Waits until `predicate` says yes, asking it now and after each notification. Returns its last answer. */
  async waitFor<T>(predicate: () => T | Promise<T>, options: WaitOptions = {}): Promise<T> {
    if (typeof predicate !== 'function') throw new UsageError('waitFor needs a function, as in waitFor(() => stock.length > 0).')
    const { timeout } = options
    const end = timeout === undefined ? Infinity : performance.now() + timeout
    let answer = await predicate()
    for (let left = end - performance.now(); !answer && left > 0; left = end - performance.now()) {
      await this.wait(timeout === undefined ? options : { ...options, timeout: left })
      answer = await predicate()
    }
    return answer
  }

  /** Wakes one of those who wait, or `count` of them. They go on when the lock is released. */
  async notify(count = 1): Promise<void> {
    if (count !== Infinity && (!Number.isInteger(count) || count < 1)) throw new UsageError(`notify(count) wakes 1 or more, not ${String(count)}.`)
    await realm().client.ask({ type: 'wake', condition: this.#id, lock: this.#lock.spec, count })
  }

  /** Wakes all who wait. */
  notifyAll(): Promise<void> {
    return this.notify(Infinity)
  }

  static {
    registerCodec('Condition', {
      test: value => value instanceof Condition,
      encode: (condition: Condition) => ({ lock: condition.#lock, id: condition.#id }),
      decode: ({ lock, id }: { lock: BaseLock; id: string }) => new Condition(lock, id),
      id: (condition: Condition) => condition.#id
    })
  }
}
