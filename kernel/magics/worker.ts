import { UsageError } from '../errors.ts'
import { WorkerError } from '../parallel/client/errors.ts'
import type { CellWorkerOptions, WorkerHandle, WorkerOptions } from '../parallel/client/worker-handle.ts'
import { Process } from '../parallel/process.ts'
import { Thread } from '../parallel/thread.ts'
import type { CellMagic, MagicContext } from './magics.ts'
import { type MagicOption, parseOptions } from './options.ts'

type Make = (options: WorkerOptions<[]>, cell: CellWorkerOptions) => WorkerHandle<[]>

const options = {
  count: { type: 'string', short: 'n', value: 'COUNT' },
  name: { type: 'string', value: 'NAME' },
  label: { type: 'boolean' },
  'no-label': { type: 'boolean' },
  timeout: { type: 'string', value: 'MILLISECONDS' },
  out: { type: 'string', value: 'VARIABLE' }
} satisfies Readonly<Record<string, MagicOption>>

export const threadMagic = workerMagic('thread', (worker, cell) => new Thread(worker, cell))
export const processMagic = workerMagic('process', (worker, cell) => new Process(worker, cell))

/** A cell that runs in workers of its own: its value is theirs, an array of them where it asks for a count. */
function workerMagic(kind: string, make: Make): CellMagic {
  return {
    summary: `runs the cell in a ${kind} of its own, or in several: rank says which of the size`,
    async run(line, body, context) {
      const settings = readSettings(kind, line)
      const target = context.compile(body)
      const workers = Array.from({ length: settings.count ?? 1 }, (_, rank) => make({ target, ...nameOf(settings, rank) }, cellOptions(settings, rank)))
      for (const worker of workers) worker.start()
      await finish(workers, settings, context)
      const value = await valueOf(workers, settings)
      if (settings.out === undefined) return value
      return void (await assign(settings.out, value, context))
    }
  }
}

interface Settings {
  readonly count: number | undefined
  readonly name: string | undefined
  readonly label: boolean
  readonly timeout: number | undefined
  readonly out: string | undefined
}

function readSettings(kind: string, line: string): Settings {
  const given = parseOptions(kind, line, options)
  const count = given['count'] === undefined ? undefined : wholeNumber(kind, 'count', String(given['count']), 1)
  return {
    count,
    name: given['name'] as string | undefined,
    label: given['no-label'] ? false : Boolean(given['label'] ?? (count ?? 1) > 1),
    timeout: given['timeout'] === undefined ? undefined : wholeNumber(kind, 'timeout', String(given['timeout']), 0),
    out: given['out'] as string | undefined
  }
}

function wholeNumber(kind: string, option: string, text: string, least: number): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least) return value
  throw new UsageError(`%%${kind}: --${option} takes a whole number from ${least} on, not "${text}".`)
}

function nameOf({ name, count }: Settings, rank: number): { readonly name?: string } {
  if (name === undefined) return {}
  return { name: (count ?? 1) > 1 ? `${name}-${rank}` : name }
}

function cellOptions({ count, label }: Settings, rank: number): CellWorkerOptions {
  return { rank, size: count ?? 1, label }
}

/** Waits for all of them; none outlives the cell, however it ends. */
async function finish(workers: readonly WorkerHandle<[]>[], { timeout }: Settings, { signal }: MagicContext): Promise<void> {
  try {
    const limits = timeout === undefined ? { signal } : { timeout, signal }
    const ended = await Promise.all(workers.map(worker => worker.join(limits)))
    if (ended.includes(false)) throw new Error(`The cell took longer than its --timeout of ${timeout} ms and was ended.`)
  } finally {
    for (const worker of workers) if (worker.isAlive()) worker.kill()
  }
}

async function valueOf(workers: readonly WorkerHandle<[]>[], { count }: Settings): Promise<unknown> {
  const failed = workers.filter(worker => worker.exitCode !== 0)
  const [failure, ...others] = await Promise.all(failed.map(failureOf))
  if (others.length > 0) throw new WorkerError({ name: 'WorkersFailed', message: `${failed.length} of ${workers.length} workers failed, ${failed.map(worker => worker.name).join(', ')}; the first of them: ${(failure as Error).message}`, stack: (failure as WorkerError).remoteStack })
  if (failure) throw failure
  const values = await Promise.all(workers.map(worker => worker.result()))
  if (count === undefined) return values[0]
  return values.some(value => value !== undefined) ? values : undefined
}

async function failureOf(worker: WorkerHandle<[]>): Promise<unknown> {
  const message = `it ended with exit code ${worker.exitCode}`
  return worker.result().then(() => new WorkerError({ name: 'WorkerEnded', message, stack: '' }, worker.name), (error: unknown) => error)
}

async function assign(name: string, value: unknown, { assign: assignVariable }: MagicContext): Promise<void> {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) throw new UsageError(`--out takes the name of a variable, not "${name}".`)
  await assignVariable(name, value)
}
