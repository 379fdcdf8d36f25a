import { dirname, resolve } from 'node:path'
import { UsageError } from '../errors.ts'
import { assertWritable, readNotebook, writeNotebook } from './run/files.ts'
import { KernelClient } from './run/kernel-client.ts'
import type { Notebook } from './run/notebook.ts'
import { NotebookRun } from './run/notebook-run.ts'
import { describeParameters, readAssignment, withParameters } from './run/parameters.ts'
import { Progress } from './run/progress.ts'
import { StopSignals } from './run/stop-signals.ts'

export interface RunOptions {
  /** The file that starts kernels: this project's main. */
  readonly main: string
  readonly notebook: string
  /** NAME=VALUE each; these go before what the file says. */
  readonly parameters: readonly string[]
  /** A file of parameters, YAML or JSON. */
  readonly parametersFile?: string | undefined
  /** Only say what parameters there are. */
  readonly helpNotebook?: boolean | undefined
  /** Where the notebook is written with what it showed; by default to where it came from. */
  readonly out?: string | undefined
  /** How long a cell may take, in milliseconds, as typed; without end by default. */
  readonly timeout?: string | undefined
  /** Whether to print what the cells print, too. */
  readonly verbose?: boolean | undefined
}

/**
 * Runs a notebook from top to bottom in a kernel of its own, which works in the notebook's folder, and writes what it
 * showed: all of it, or all up to the first error, Ctrl-C or end of the kernel.
 *
 * @returns the exit code: 0, 1 after an error in a cell, 128 and the signal's number after a signal
 * @throws UsageError for what isn't a notebook of this kernel, wrong parameters and files that can't be written
 * @example await run({ main, notebook: 'report.ipynb', parameters: ['name=World'], out: 'out.ipynb' })
 */
export async function run({ main, notebook: file, parameters, parametersFile, helpNotebook, out = file, timeout, verbose = false }: RunOptions): Promise<number> {
  const limit = milliseconds(timeout)
  const read = await readNotebook(file)
  if (helpNotebook) {
    console.log(describeParameters(read))
    return 0
  }
  const fromFile = parametersFile === undefined ? [] : await (await import('./run/parameters-file.ts')).readParametersFile(parametersFile)
  const notebook = withParameters(read, [...fromFile, ...parameters.map(readAssignment)])
  await assertWritable(out)
  using stop = new StopSignals()
  const progress = new Progress(verbose)
  try {
    return await runInKernel({ main, file, out, notebook, progress, stop, limit })
  } catch (error) {
    if (error instanceof UsageError) throw error
    if (stop.asked.aborted) return stop.exitCode
    progress.failed((error as Error).message)
    return 1
  }
}

interface KernelRun {
  readonly main: string
  readonly file: string
  readonly out: string
  readonly notebook: Notebook
  readonly progress: Progress
  readonly stop: StopSignals
  readonly limit: number | undefined
}

/** From the start of the kernel on there is something to write, however it ends. */
async function runInKernel({ main, file, out, notebook, progress, stop, limit }: KernelRun): Promise<number> {
  const kernel = await KernelClient.start({ main, cwd: dirname(resolve(file)), signal: stop.asked })
  const running = new NotebookRun(notebook, { progress, stop: stop.asked, timeout: limit })
  stop.insisted.addEventListener('abort', () => kernel.kill())
  try {
    const complete = await running.run(kernel)
    return stop.asked.aborted ? stop.exitCode : Number(!complete)
  } finally {
    // What is printed until the kernel has ended belongs to it.
    await kernel[Symbol.asyncDispose]()
    await writeNotebook(out, running.result)
  }
}

function milliseconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new UsageError(`--timeout ${text}: give a number of milliseconds, such as --timeout 60000.`)
}
