import type { Ask } from './protocol.ts'
import { TimedOut } from './client/errors.ts'
import type { TryOptions, WaitOptions } from './client/limits.ts'
import { realm } from './client/realm.ts'

/** Held until it is disposed of, with `using` or `await using`. */
export interface Held extends Disposable, AsyncDisposable {}

/** What is acquired before something is done, and released after it. */
export abstract class Guard {
  /** Waits until it can be had. `false` when it can't: at once with `wait: false`, or within `timeout` milliseconds. */
  abstract acquire(options?: TryOptions): Promise<boolean>
  /** Lets the next one have it. */
  abstract release(): Promise<void>

  /** Acquires until the result is disposed of. Rejects with TimedOut when that takes too long. */
  async hold(options: WaitOptions = {}): Promise<Held> {
    if (!(await this.acquire(options))) throw new TimedOut(options.timeout ?? 0, `It was not free within ${options.timeout} ms.`)
    return { [Symbol.dispose]: () => void this.release(), [Symbol.asyncDispose]: () => this.release() }
  }

  /** Runs `work` while holding it, and returns what it returns. */
  async with<T>(work: () => T | Promise<T>, options?: WaitOptions): Promise<T> {
    await using _held = await this.hold(options)
    return await work()
  }
}

/** Asks for something that there may not be in time. */
export async function granted(ask: Ask, limits: WaitOptions): Promise<boolean> {
  try {
    return (await realm().client.ask(ask, limits)) as boolean
  } catch (error) {
    if (error instanceof TimedOut) return false
    throw error
  }
}
