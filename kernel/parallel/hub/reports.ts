import type { Sink } from '../../output/sink.ts'
import type { Owner } from '../../session/protocol.ts'
import type { RunningProgram } from '../jobs/programs.ts'
import { table, type Usage, type WorkerReport } from '../jobs/report.ts'
import type { Client } from './hub.ts'
import type { Schedule, Start } from './schedule.ts'
import { type Spent, spentBy } from '../start/spent.ts'
import type { Entry, Workers } from './workers.ts'

/** How long a worker may take to say what it uses, in milliseconds: one in the middle of native code can't. */
const PATIENCE = 1000
/** How many of those that have ended are still told of while others run. */
const ENDED_KEPT = 20

export interface ReportsOptions {
  readonly workers: Workers
  readonly schedule: Schedule
  readonly sink: Sink
  /** The number of a cell. */
  numberOf(cell: string): number | undefined
  /** Whether it is in an `Atomics.wait` without end. */
  isBlocked(client: Client): boolean
}

/** What is measured again and again. */
interface Measured {
  spent(): Promise<Spent> | undefined
  readonly since: number
  /** CPU time that is not its own, in milliseconds. */
  readonly cpuBefore?: number | undefined
}

interface Sample extends Spent {
  /** When it was taken, in milliseconds since 1970. */
  readonly at: number
}

/** Tells what runs, however busy the session's main thread is. */
export class Reports {
  readonly #options: ReportsOptions
  readonly #samples = new WeakMap<object, { readonly sample: Sample; readonly usage: Usage }>()
  /** Those that were seen the last time, by their numbers. */
  #programs = new Map<number, RunningProgram>()
  #following = 0

  constructor(options: ReportsOptions) {
    this.#options = options
  }

  async now(): Promise<WorkerReport[]> {
    const { workers, schedule } = this.#options
    const reports = await Promise.all([...workers.living()].map(async entry => ({ entry, report: await this.#report(entry) })))
    const left = new Set(workers.living())
    const living = reports.filter(({ entry }) => left.has(entry)).map(({ report }) => report)
    const waiting = [...schedule.starts()].map(start => this.#waiting(start))
    return [...living, ...(await this.#ofPrograms()), ...waiting]
  }

  async #ofPrograms(): Promise<WorkerReport[]> {
    const reports = await Promise.all((await this.#running()).map(program => this.#reportProgram(program)))
    return reports.filter(report => report !== undefined)
  }

  /** Programs of the notebook and of its workers on this machine. */
  async #running(): Promise<RunningProgram[]> {
    const { programsOf } = await import('../jobs/programs.ts')
    const { workers } = this.#options
    const pids = [...workers.living()].filter(entry => entry.running?.machine === undefined).flatMap(entry => pidOf(entry) ?? [])
    const found = programsOf([process.pid, ...pids], new Set([...pids, ...workers.clusters.pids]))
    // The same one keeps what was measured of it.
    const same = found.map(program => (this.#programs.get(program.pid)?.name === program.name ? (this.#programs.get(program.pid) as RunningProgram) : program))
    this.#programs = new Map(same.map(program => [program.pid, program]))
    return same
  }

  /** Undefined for one that has ended meanwhile. */
  async #reportProgram(program: RunningProgram): Promise<WorkerReport | undefined> {
    const { pid, parent, name } = program
    const spent = await spentBy(pid).catch(() => undefined)
    if (!spent) return undefined
    const since = Date.now() - (spent.elapsed ?? 0)
    const starter = [...this.#options.workers.living()].find(entry => pidOf(entry) === parent)
    const cell = starter && this.#options.numberOf(starter.spec.owner.cell)
    return { name, kind: 'program', pid, cell, since, state: 'running', usage: await this.#usage(program, { spent: async () => spent, since }) }
  }

  /** Ends those of these names or pids, or all. Resolves with the names of those that it ended, when they have. */
  async stop(names: readonly string[] | 'all'): Promise<string[]> {
    const { workers, schedule } = this.#options
    const isMeant = (name: string, pid?: number) => names === 'all' || names.includes(name) || (pid !== undefined && names.includes(String(pid)))
    const timers = [...schedule.starts()].filter(({ spec }) => isMeant(spec.name))
    for (const { worker } of timers) schedule.cancel(worker)
    const meant = [...workers.living()].filter(entry => isMeant(entry.spec.name, pidOf(entry)))
    const programs = (await this.#running()).filter(({ name, file, pid }) => isMeant(name, pid) || isMeant(file))
    await Promise.all([...meant.map(entry => workers.stop(entry)), ...programs.map(async ({ pid }) => (await import('../jobs/programs.ts')).endProgram(pid))])
    return [...[...timers, ...meant].map(({ spec }) => spec.name), ...programs.map(({ name }) => name)]
  }

  /** Shows what runs, again and again until nothing does. Resolves when it is first shown. Only the newest goes on. */
  follow(displayId: string, owner: Owner, interval: number): Promise<void> {
    const turn = ++this.#following
    const shown = Promise.withResolvers<void>()
    void this.#follow(interval, (reports, isFirst) => {
      if (turn !== this.#following) return false
      this.#options.sink.event({ type: 'display', owner, data: table(reports), metadata: {}, displayId, update: !isFirst })
      shown.resolve()
      return true
    })
    return shown.promise
  }

  async #follow(interval: number, show: (reports: readonly WorkerReport[], isFirst: boolean) => boolean): Promise<void> {
    const ended: WorkerReport[] = []
    using _listening = this.#options.workers.onEnded((entry, how) => {
      ended.push({ ...this.#describe(entry, how), usage: this.#samples.get(entry)?.usage })
      if (ended.length > ENDED_KEPT) ended.shift()
    })
    for (let isFirst = true; ; isFirst = false) {
      const { emptied } = this.#options.workers
      const reports = await this.now()
      if (!show([...ended, ...reports], isFirst) || reports.length === 0) return
      await Promise.race([pause(interval), emptied])
    }
  }

  async #report(entry: Entry): Promise<WorkerReport> {
    return { ...this.#describe(entry, this.#stateOf(entry)), usage: await this.#usage(entry, { spent: () => entry.running?.spent(), since: entry.since, cpuBefore: entry.cpuBefore }) }
  }

  #stateOf({ running }: Entry): string {
    if (!running) return 'starting'
    return this.#options.isBlocked(running.client) ? 'in Atomics.wait' : 'running'
  }

  #describe(entry: Entry, state: string): Omit<WorkerReport, 'usage'> {
    const { machine } = entry.running ?? {}
    const identity = this.#identify(entry)
    const name = machine === undefined ? identity.name : `${identity.name}@${machine}`
    return { ...identity, name, pid: pidOf(entry), since: entry.since, state }
  }

  #waiting(start: Start): WorkerReport {
    return { ...this.#identify(start), pid: undefined, since: undefined, state: 'waits', usage: undefined }
  }

  #identify({ spec: { name, kind, owner } }: Pick<Entry, 'spec'>): Pick<WorkerReport, 'name' | 'kind' | 'cell'> {
    return { name, kind, cell: this.#options.numberOf(owner.cell) }
  }

  async #usage(key: object, { spent: measure, since, cpuBefore = 0 }: Measured): Promise<Usage | undefined> {
    const known = this.#samples.get(key)
    const spent = await Promise.race([measure()?.catch(() => undefined), pause(PATIENCE).then(() => undefined)])
    if (!spent) return known?.usage
    const sample: Sample = { ...spent, cpuTime: spent.cpuTime - cpuBefore, at: Date.now() }
    const before = known?.sample ?? { cpuTime: 0, at: since }
    const cpu = (100 * (sample.cpuTime - before.cpuTime)) / Math.max(sample.at - before.at, 1)
    const usage: Usage = { cpuTime: sample.cpuTime, memory: sample.memory, cpu: Math.max(0, cpu) }
    this.#samples.set(key, { sample, usage })
    return usage
  }
}

function pidOf({ spec, running }: Entry): number | undefined {
  return spec.kind === 'process' ? running?.pid : undefined
}

function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds).unref())
}
