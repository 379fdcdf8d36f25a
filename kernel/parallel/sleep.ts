import { setTimeout as wait } from 'node:timers/promises'
import { currentSignal } from '../session/owner.ts'

/**
 * Waits for so many milliseconds and lets everything else go on.
 *
 * @example await sleep(500)
 */
export async function sleep(milliseconds: number, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  const signals = [options.signal, currentSignal()].filter(each => each !== undefined)
  try {
    await wait(milliseconds, undefined, signals.length > 0 ? { signal: AbortSignal.any(signals) } : {})
  } catch (error) {
    for (const signal of signals) signal.throwIfAborted()
    throw error
  }
}
