import { TimedOut } from './errors.ts'

export interface WaitOptions {
  /** How long to wait at most, in milliseconds. Default: for ever. */
  readonly timeout?: number
  /** Ends the waiting: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

export interface TryOptions extends WaitOptions {
  /** Whether to wait at all. Default: true. */
  readonly wait?: boolean
}

/** Calls back with the reason when the waiting has to end: TimedOut, or the signal's. Until it is disposed of. */
export function limit({ timeout, signal }: WaitOptions, expired: (reason: unknown) => void): DisposableStack {
  const limits = new DisposableStack()
  if (timeout !== undefined) limits.adopt(setTimeout(() => expired(new TimedOut(timeout)), timeout), clearTimeout)
  if (signal) {
    const abort = () => expired(signal.reason)
    signal.addEventListener('abort', abort)
    limits.defer(() => signal.removeEventListener('abort', abort))
  }
  return limits
}

/** The promise, but no longer than the options say: rejects with TimedOut, or with the signal's reason. */
export async function within<T>(promise: Promise<T>, options: WaitOptions): Promise<T> {
  options.signal?.throwIfAborted()
  if (options.timeout === undefined && !options.signal) return promise
  const { promise: ended, reject } = Promise.withResolvers<never>()
  using _limits = limit(options, reject)
  return await Promise.race([promise, ended])
}
