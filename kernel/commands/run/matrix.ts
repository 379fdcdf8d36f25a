import type { Plan } from './plan.ts'
import { LabelledProgress, secondsSince } from './progress.ts'
import { type Circumstances, runInKernel } from './run-in-kernel.ts'

/**
 * Runs several notebooks, so many at a time, each in a kernel of its own. One that fails keeps no other from running;
 * after a signal, none begins.
 *
 * @returns the exit code: 0, 1 if any failed, 128 and the signal's number after a signal
 */
export async function runMatrix(plans: readonly Plan[], jobs: number, verbose: boolean, circumstances: Circumstances): Promise<number> {
  const { stop } = circumstances
  const failed: string[] = []
  const waiting = plans.values()
  const work = async (): Promise<void> => {
    for (const plan of waiting) {
      if (stop.asked.aborted) return
      if ((await runOne(plan, verbose, circumstances)) !== 0) failed.push(plan.label)
    }
  }
  await Promise.all(Array.from({ length: Math.min(jobs, plans.length) }, work))
  if (stop.asked.aborted) return stop.exitCode
  const result = failed.length === 0 ? 'all ended well' : `${failed.length} failed: ${plans.map(({ label }) => label).filter(label => failed.includes(label)).join(', ')}`
  console.error(`${plans.length} runs, ${result}.`)
  return Number(failed.length > 0)
}

async function runOne(plan: Plan, verbose: boolean, circumstances: Circumstances): Promise<number> {
  const progress = new LabelledProgress(plan.label, verbose)
  const started = performance.now()
  const code = await runInKernel(plan, progress, circumstances)
  progress.finished(`${code === 0 ? 'done' : code === 1 ? 'failed' : 'stopped'} after ${secondsSince(started)} → ${plan.out}`)
  return code
}
