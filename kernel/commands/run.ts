import { availableParallelism } from 'node:os'
import { UsageError } from '../errors.ts'
import { assertWritable, readNotebook } from './run/files.ts'
import { describeParameters, readAssignment } from './run/parameters.ts'
import { planRuns } from './run/plan.ts'
import { CellProgress } from './run/progress.ts'
import { runInKernel } from './run/run-in-kernel.ts'
import { StopSignals } from './run/stop-signals.ts'

export interface RunOptions {
  /** The file that starts kernels: this project's main. */
  readonly main: string
  readonly notebook: string
  /** NAME=VALUE each, or NAME=VALUE,VALUE for several runs; these go before what the file says. */
  readonly parameters: readonly string[]
  /** A file of parameters, YAML or JSON. */
  readonly parametersFile?: string | undefined
  /** Only say what parameters there are. */
  readonly helpNotebook?: boolean | undefined
  /**
   * Where the notebook is written with what it showed; by default to where it came from. `{name}` stands for the value
   * of a parameter, `{run}` for the number of a run; without these, several runs add what makes them different.
   */
  readonly out?: string | undefined
  /** How many runs at a time, as typed; by default as many as there are processors. */
  readonly jobs?: string | undefined
  /** How long a cell may take, in milliseconds, as typed; without end by default. */
  readonly timeout?: string | undefined
  /** Whether to print what the cells print, too. */
  readonly verbose?: boolean | undefined
}

/**
 * Runs a notebook from top to bottom in a kernel of its own, which works in the notebook's folder, and writes what it
 * showed: all of it, or all up to the first error, Ctrl-C or end of the kernel. Where parameters have several values,
 * it runs once for each combination, several at a time.
 *
 * @returns the exit code: 0, 1 after an error in a cell, 128 and the signal's number after a signal
 * @throws UsageError for what isn't a notebook of this kernel, wrong parameters and files that can't be written
 * @example await run({ main, notebook: 'report.ipynb', parameters: ['name=World', 'count=1,2'], out: 'out.ipynb' })
 */
export async function run({ main, notebook: file, parameters, parametersFile, helpNotebook, out, jobs, timeout, verbose = false }: RunOptions): Promise<number> {
  const limit = wholeNumber('--timeout', timeout, 'milliseconds, such as --timeout 60000')
  const atATime = wholeNumber('--jobs', jobs, 'runs at a time, such as --jobs 2') ?? availableParallelism()
  const notebook = await readNotebook(file)
  if (helpNotebook) {
    console.log(describeParameters(notebook))
    return 0
  }
  const fromFile = parametersFile === undefined ? [[]] : await (await import('./run/parameters-file.ts')).readParametersFile(parametersFile)
  const given = parameters.map(readAssignment)
  const plans = planRuns({ file, notebook, sets: fromFile.map(set => [...set, ...given]), out })
  for (const plan of plans) await assertWritable(plan.out)
  using stop = new StopSignals()
  const circumstances = { main, file, stop, limit }
  const [only, another] = plans
  if (only && !another) return await runInKernel(only, new CellProgress(verbose), circumstances)
  const { runMatrix } = await import('./run/matrix.ts')
  return await runMatrix(plans, atATime, verbose, circumstances)
}

function wholeNumber(option: string, text: string | undefined, what: string): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new UsageError(`${option} ${text}: give a number of ${what}.`)
}
