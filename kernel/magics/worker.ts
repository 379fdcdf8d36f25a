import { DISPLAY } from '../display/bundle.ts'
import { display, ShownDisplay } from '../display/display.ts'
import { UsageError } from '../errors.ts'
import { Cluster } from '../parallel/cluster.ts'
import type { CellWorkerOptions, WorkerHandle, WorkerOptions } from '../parallel/client/worker-handle.ts'
import { Job } from '../parallel/jobs/job.ts'
import { freeName, jobNamed, mustBeFree } from '../parallel/jobs/running-jobs.ts'
import { Process } from '../parallel/process.ts'
import type { WorkerKind } from '../parallel/protocol.ts'
import { Thread } from '../parallel/thread.ts'
import { trace } from '../parallel/trace.ts'
import { defineMagic, type Magic, type MagicCall } from './magic.ts'
import { type Options, type Values, variableName, wholeNumber } from './options.ts'

/** Where a cell of a cluster runs. */
interface Place {
  /** What its machines must have. */
  readonly tags: readonly string[] | undefined
  /** Whether it runs on the notebook's machine where no cluster is connected. */
  readonly orHere: boolean
}

/** What a magic runs cells in. */
interface Flavour {
  readonly name: 'thread' | 'process' | 'cluster'
  readonly kind: WorkerKind
  readonly summary: string
  readonly options: typeof options
  make(options: WorkerOptions<[]>, cell: CellWorkerOptions, place: Place): WorkerHandle<[]>
}

const options = {
  count: { type: 'string', short: 'n', value: 'COUNT' },
  name: { type: 'string', value: 'NAME' },
  label: { type: 'boolean' },
  'no-label': { type: 'boolean' },
  timeout: { type: 'string', value: 'MILLISECONDS' },
  memory: { type: 'string', value: 'MB' },
  out: { type: 'string', value: 'VARIABLE' },
  background: { type: 'boolean' },
  replace: { type: 'boolean' },
  trace: { type: 'boolean' },
  interact: { type: 'boolean' }
} as const satisfies Options

const clusterOptions = { ...options, tags: { type: 'string', value: 'TAG,…' }, 'or-here': { type: 'boolean' } } as const satisfies Options

export const threadMagic = workerMagic({
  name: 'thread',
  kind: 'thread',
  summary: 'runs the cell in a thread of its own, or in several: rank says which of the size',
  options,
  make: (worker, cell) => new Thread(worker, cell)
})

export const processMagic = workerMagic({
  name: 'process',
  kind: 'process',
  summary: 'runs the cell in a process of its own, or in several: rank says which of the size',
  options,
  make: (worker, cell) => new Process(worker, cell)
})

export const clusterMagic = workerMagic({
  name: 'cluster',
  kind: 'process',
  summary: 'runs the cell in a process on a machine of the cluster, or in several: rank says which of the size',
  options: clusterOptions,
  make: (worker, cell, { tags = [], orHere }) => {
    const cluster = Cluster.latest ?? (orHere ? undefined : notConnected())
    return new Process(cluster ? { ...worker, cluster, tags } : worker, cell)
  }
})

function notConnected(): never {
  throw new UsageError("%%cluster: connect with a cluster first, in a cell of its own: const cluster = await Cluster.connect('redis://localhost:6379').")
}

/**
 * A cell that runs in workers of its own: its value is theirs, an array of them where it asks for a count. In the
 * background, the cell ends at once, and what `--out` names is the Job.
 */
function workerMagic(flavour: Flavour): Magic {
  const { name, summary, options } = flavour
  return defineMagic({
    summary,
    options,
    words: '[NAME=VALUE…]',
    async cell(call) {
      const settings = readSettings(flavour, call.options)
      if (call.options.interact) return void (await interactWith(flavour, settings, call))
      const [unexpected] = call.words
      if (unexpected !== undefined) throw new UsageError(`%%${name}: "${unexpected}" is a parameter, which is for a cell with --interact.`)
      const runs = { here: () => runHere(flavour, settings, call), behind: () => runBehind(flavour, settings, call) }
      if (settings.background) return void (await (settings.trace ? tracedBehind(runs.behind) : runs.behind()))
      return settings.trace ? (await trace(runs.here)).value : runs.here()
    }
  })
}

type Call = MagicCall<typeof options>

interface Settings {
  readonly count: number | undefined
  readonly name: string | undefined
  readonly label: boolean
  readonly timeout: number | undefined
  readonly memory: number | undefined
  readonly out: string | undefined
  readonly background: boolean
  readonly replace: boolean
  readonly trace: boolean
  readonly place: Place
}

/** The cell waits for its workers, and none outlives it, however it ends. */
async function runHere(flavour: Flavour, settings: Settings, call: Call, target = call.notebook.compile()): Promise<unknown> {
  const job = makeJob(flavour, { ...settings, timeout: undefined }, target)
  const { timeout, out } = settings
  try {
    job.start().catch(() => undefined) // join() tells
    const ended = await job.join({ signal: call.signal, ...(timeout === undefined ? {} : { timeout }) })
    if (!ended) throw new Error(`The cell took longer than its --timeout of ${timeout} ms and was ended.`)
  } finally {
    job.kill()
  }
  const value = await job.result()
  if (out !== undefined) return void (await call.assign(out, value))
  const isForEach = settings.count !== undefined && Array.isArray(value) && value.some(isDisplayable)
  return isForEach ? showEach(value) : value
}

/** What says itself how to show it does so for each worker; what a worker has displayed at its end is shown already. */
async function showEach(values: readonly unknown[]): Promise<void> {
  for (const value of values) if (value !== undefined && !(value instanceof ShownDisplay)) await display(value)
}

const isDisplayable = (value: unknown): boolean => typeof value === 'object' && value !== null && DISPLAY in value

/** Controls for the cell's parameters: a change ends its workers and runs it anew, in others. */
async function interactWith(flavour: Flavour, settings: Settings, call: Call): Promise<void> {
  if (settings.background || settings.out !== undefined) throw new UsageError(`%%${flavour.name}: --interact shows values under its controls; leave out --${settings.background ? 'background' : 'out'}.`)
  const [{ readParameters }, { interact }] = await Promise.all([import('./parameters.ts'), import('../widgets/interact.ts')])
  const parameters = readParameters(`%%${flavour.name}`, call.words)
  const targetFor = call.notebook.compileFor(Object.keys(parameters))
  const work = settings.trace ? async (run: () => Promise<unknown>) => (await trace(run)).value : (run: () => Promise<unknown>) => run()
  interact(parameters, (values, { signal }) => work(() => runHere(flavour, settings, { ...call, signal }, targetFor(values))))
}

/** The cell ends when its workers have begun. */
async function runBehind(flavour: Flavour, settings: Settings, call: Call): Promise<Job> {
  const name = settings.name ?? settings.out ?? freeName()
  if (settings.replace) await jobNamed(name)?.stop()
  else mustBeFree(name)
  const job = makeJob(flavour, { ...settings, name }, call.notebook.compile())
  const started = job.start()
  started.catch(() => undefined)
  await job.watch()
  if (settings.out !== undefined) await call.assign(settings.out, job)
  await started
  return job
}

/** The cell ends as it would without the trace, which is shown when its workers have ended. */
function tracedBehind(run: () => Promise<Job>): Promise<Job> {
  const { promise, resolve, reject } = Promise.withResolvers<Job>()
  trace(async () => {
    const job = await run()
    resolve(job)
    await job.join()
  }).catch(reject)
  return promise
}

function makeJob(flavour: Flavour, settings: Settings, target: () => Promise<unknown>): Job {
  const { count, name = flavour.name, place } = settings
  const workers = Array.from({ length: count ?? 1 }, (_, rank) => flavour.make({ target, ...nameOf(settings, rank), ...limitsOf(settings) }, cellOptions(settings, rank), place))
  return new Job({ name, kind: flavour.kind, workers, isMany: count !== undefined })
}

function readSettings({ name: magic }: Flavour, given: Values<typeof clusterOptions>): Settings {
  const count = given.count === undefined ? undefined : wholeNumber(`%%${magic}`, 'count', given.count, 1)
  if (given.replace && !given.background) throw new UsageError(`%%${magic}: --replace is for a cell with --background.`)
  return {
    count,
    name: given.name,
    label: given['no-label'] ? false : (given.label ?? ((count ?? 1) > 1 || magic === 'cluster')),
    timeout: given.timeout === undefined ? undefined : wholeNumber(`%%${magic}`, 'timeout', given.timeout, 0, 'milliseconds'),
    memory: given.memory === undefined ? undefined : wholeNumber(`%%${magic}`, 'memory', given.memory, 16, 'MB'),
    out: given.out === undefined ? undefined : variableName(given.out),
    background: given.background ?? false,
    replace: given.replace ?? false,
    trace: given.trace ?? false,
    place: readPlace(given)
  }
}

function readPlace(given: Values<typeof clusterOptions>): Place {
  return { tags: given.tags?.split(',').filter(tag => tag !== ''), orHere: given['or-here'] ?? false }
}

function nameOf({ name, count }: Settings, rank: number): { readonly name?: string } {
  if (name === undefined) return {}
  return { name: (count ?? 1) > 1 ? `${name}-${rank}` : name }
}

function limitsOf({ memory }: Settings): { readonly maxMemory?: number } {
  return memory === undefined ? {} : { maxMemory: memory }
}

function cellOptions({ count, label, timeout }: Settings, rank: number): CellWorkerOptions {
  return { rank, size: count ?? 1, label, ...(timeout === undefined ? {} : { timeout }) }
}
