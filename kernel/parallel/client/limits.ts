import { TimedOut } from './errors.ts'

export interface WaitOptions {
  /** How long to wait at most, in milliseconds. Default: for ever. */
  readonly timeout?: number
  /** Ends the waiting: the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal
}

/** The promise, but no longer than the options say: rejects with TimedOut, or with the signal's reason. */
export async function within<T>(promise: Promise<T>, { timeout, signal }: WaitOptions): Promise<T> {
  signal?.throwIfAborted()
  if (timeout === undefined && !signal) return promise
  using stop = new DisposableStack()
  const { promise: ended, reject } = Promise.withResolvers<never>()
  if (timeout !== undefined) stop.adopt(setTimeout(() => reject(new TimedOut(timeout)), timeout), clearTimeout)
  const abort = () => reject(signal?.reason)
  signal?.addEventListener('abort', abort)
  stop.defer(() => signal?.removeEventListener('abort', abort))
  return await Promise.race([promise, ended])
}
