import { UsageError } from '../errors.ts'
import { currentSignal } from '../session/owner.ts'
import { realm } from './client/realm.ts'
import type { Recording } from './trace/events.ts'
import type { Trace } from './trace/trace.ts'

export interface TraceOptions {
  /** Whether the picture is shown in the cell, however the work ends. Default: true. */
  readonly show?: boolean
}

/**
 * Does some work and shows what happened meanwhile in all threads and processes: who ran when, who sent what to whom
 * through queues and pipes, who waited for what, and how long. Resolves to that, and what `work` returned as its `value`.
 * When `work` fails or is interrupted, the picture is shown, too, and the promise rejects with the reason.
 *
 * @example
 * const queue = new Queue<string>()
 * const { value, events } = await trace(async () => {
 *   const child = new Process({ target: () => queue.put('hello') })
 *   child.start()
 *   return await queue.get()
 * })
 */
export async function trace<T>(work: () => T, { show = true }: TraceOptions = {}): Promise<Trace<Awaited<T>>> {
  if (typeof work !== 'function') throw new UsageError('trace needs a function, as in await trace(async () => { … }).')
  const { client } = realm()
  const [{ Trace }, number] = await Promise.all([import('./trace/trace.ts'), client.ask({ type: 'trace' })])
  const outcome = await outcomeOf(work)
  const recording = (await client.ask({ type: 'trace', ends: number as number })) as Recording
  const traced = new Trace(recording, outcome.value as Awaited<T>)
  if (show) await traced.show()
  if (outcome.failed) throw outcome.reason
  return traced
}

type Outcome = { readonly failed: false; readonly value: unknown } | { readonly failed: true; readonly reason: unknown; readonly value?: undefined }

/** An interrupted cell may wait for what never comes: it is heard of besides. */
async function outcomeOf(work: () => unknown): Promise<Outcome> {
  const signal = currentSignal()
  const { promise: interrupted, reject } = Promise.withResolvers<never>()
  const onAbort = () => reject(signal?.reason)
  signal?.addEventListener('abort', onAbort)
  try {
    return { failed: false, value: await Promise.race([(async () => work())(), interrupted]) }
  } catch (reason) {
    return { failed: true, reason }
  } finally {
    signal?.removeEventListener('abort', onAbort)
  }
}
