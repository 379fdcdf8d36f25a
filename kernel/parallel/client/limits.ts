import { inspect } from 'node:util'
import { UsageError } from '../../errors.ts'
import { TimedOut } from './errors.ts'

export interface WaitOptions {
  /** How long to wait at most, in milliseconds; 0 looks once, `Infinity` waits for ever. Default: for ever. */
  readonly timeout?: number
  /** Ends the waiting: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

export interface TryOptions extends WaitOptions {
  /** Whether to wait at all. Default: true. */
  readonly wait?: boolean
}

/** The longest that a timer of JavaScript can be set to, in milliseconds: almost 25 days. */
export const LONGEST = 2 ** 31 - 1

/** Refuses what says nothing about waiting, such as `get(500)`, which would wait for ever. */
export function checkLimits(options: TryOptions): void {
  if (typeof options !== 'object' || options === null) throw new UsageError(`How long to wait is said by an object, such as { timeout: 500 }, not by ${inspect(options)}.`)
  const { timeout, signal } = options
  if (timeout !== undefined && !(typeof timeout === 'number' && timeout >= 0)) throw new UsageError(`timeout is a number of milliseconds, 0 or more, not ${inspect(timeout)}.`)
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new UsageError(`signal is an AbortSignal, such as AbortSignal.timeout(500), not ${inspect(signal, { depth: 0 })}.`)
}

/** Calls back with the reason when the waiting has to end: TimedOut, or the signal's. Until it is disposed of. */
export function limit({ timeout, signal }: WaitOptions, expired: (reason: unknown) => void): DisposableStack {
  const limits = new DisposableStack()
  if (timeout !== undefined) limits.adopt(setTimeout(() => expired(new TimedOut(timeout)), Math.min(timeout, LONGEST)), clearTimeout)
  if (signal) {
    const abort = () => expired(signal.reason)
    signal.addEventListener('abort', abort)
    limits.defer(() => signal.removeEventListener('abort', abort))
  }
  return limits
}

/** The promise, but no longer than the options say: rejects with TimedOut, or with the signal's reason. */
export async function within<T>(promise: Promise<T>, options: WaitOptions): Promise<T> {
  checkLimits(options)
  options.signal?.throwIfAborted()
  if (options.timeout === undefined && !options.signal) return promise
  const { promise: ended, reject } = Promise.withResolvers<never>()
  using _limits = limit(options, reject)
  return await Promise.race([promise, ended])
}
