import { dirname, resolve } from 'node:path'
import { UsageError } from '../../errors.ts'
import { writeNotebook } from './files.ts'
import { KernelClient } from './kernel-client.ts'
import { NotebookRun } from './notebook-run.ts'
import type { Plan } from './plan.ts'
import type { Progress } from './progress.ts'
import type { StopSignals } from './stop-signals.ts'

export interface Circumstances {
  /** The file that starts kernels: this project's main. */
  readonly main: string
  /** Where the notebook came from: the kernel works in its folder. */
  readonly file: string
  readonly stop: StopSignals
  /** How long a cell may take, in milliseconds; without end by default. */
  readonly limit: number | undefined
}

/**
 * Runs a notebook in a kernel of its own and writes what it showed.
 *
 * @returns the exit code: 0, 1 after an error, 128 and the signal's number after a signal
 */
export async function runInKernel(plan: Plan, progress: Progress, circumstances: Circumstances): Promise<number> {
  const { stop } = circumstances
  try {
    return await run(plan, progress, circumstances)
  } catch (error) {
    if (stop.asked.aborted && !(error instanceof UsageError)) return stop.exitCode
    progress.failed((error as Error).message)
    return 1
  }
}

/** From the start of the kernel on there is something to write, however it ends. */
async function run({ notebook, out }: Plan, progress: Progress, { main, file, stop, limit }: Circumstances): Promise<number> {
  const kernel = await KernelClient.start({ main, cwd: dirname(resolve(file)), signal: stop.asked })
  const running = new NotebookRun(notebook, { progress, stop: stop.asked, timeout: limit })
  const kill = () => kernel.kill()
  stop.insisted.addEventListener('abort', kill)
  try {
    const complete = await running.run(kernel)
    return stop.asked.aborted ? stop.exitCode : Number(!complete)
  } finally {
    // What is printed until the kernel has ended belongs to it.
    await kernel[Symbol.asyncDispose]()
    stop.insisted.removeEventListener('abort', kill)
    await writeNotebook(out, running.result)
  }
}
