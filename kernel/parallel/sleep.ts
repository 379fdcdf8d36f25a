import { setTimeout as wait } from 'node:timers/promises'

/**
 * Waits for so many milliseconds and lets everything else go on.
 *
 * @example await sleep(500)
 */
export async function sleep(milliseconds: number, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  await wait(milliseconds, undefined, options)
}
