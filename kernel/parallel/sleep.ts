import { setTimeout as wait } from 'node:timers/promises'
import { inspect } from 'node:util'
import { UsageError } from '../errors.ts'
import { currentSignal } from '../session/owner.ts'
import { LONGEST } from './client/limits.ts'

/**
 * Waits for so many milliseconds and lets everything else go on; `sleep(Infinity)` until it is interrupted or aborted.
 *
 * @throws {UsageError} for anything but a number, 0 or more; rejects with the signal's reason when aborted
 * @example await sleep(500)
 */
export async function sleep(milliseconds: number, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  if (!(typeof milliseconds === 'number' && milliseconds >= 0)) throw new UsageError(`sleep needs a number of milliseconds, 0 or more, not ${inspect(milliseconds)}.`)
  const signals = [options.signal, currentSignal()].filter(each => each !== undefined)
  try {
    await wait(Math.min(milliseconds, LONGEST), undefined, signals.length > 0 ? { signal: AbortSignal.any(signals) } : {})
  } catch (error) {
    for (const signal of signals) signal.throwIfAborted()
    throw error
  }
}
