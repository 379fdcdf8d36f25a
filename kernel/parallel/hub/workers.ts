import type { OutputServer } from '../../output/inherited.ts'
import type { Sink, SinkMemory } from '../../output/sink.ts'
import type { Owner } from '../../session/protocol.ts'
import type { Beginning, Ending, Outcome, RemoteErrorData, ThreadNews, WorkerKind, WorkerSpec } from '../protocol.ts'
import { Clusters } from '../cluster/clusters.ts'
import type { Spent } from '../start/spent.ts'
import type { TraceWorker } from '../trace/events.ts'
import type { Client } from './hub.ts'
import { ProcessRunner } from './process-runner.ts'
import { ThreadHost } from './thread-host.ts'
import { ThreadRunner } from './thread-runner.ts'
import { limit } from './worker-limits.ts'

/** How long a worker may take to end after SIGINT or SIGTERM, in milliseconds. */
const PATIENCE = 1000

export interface WorkersOptions {
  readonly sink: Sink
  readonly memory: SinkMemory
  readonly output: OutputServer
  /** Where modules are looked for. */
  readonly folder: string
  attach(client: Client, worker: string): void
  detach(client: Client, ending: Ending): void
  /** A worker has ended for good, or could not start. */
  gone(worker: string): void
}

/** A worker that runs. */
export interface Running {
  readonly pid: number
  /** The machine that runs it, where that is another one. */
  readonly machine?: string
  readonly client: Client
  /** Settles when all that the worker printed is out; never rejects. With `again`, another attempt follows. */
  readonly ended: Promise<Ending & { readonly again?: () => Promise<Running> }>
  /** Its target has ended; `clean` when the worker stays for another one. */
  finished(outcome: Outcome, clean: boolean): void
  kill(signal: NodeJS.Signals): void
  /** What it has used so far. Rejects when it ends meanwhile. */
  spent(): Promise<Spent>
  /** Resolves when all is out that it had printed when this was called; undefined where it always is. */
  settled?(): Promise<void>
}

/** One interface for all kinds of workers. */
export interface Runner {
  /** `stop` is aborted when it is not needed any more, which may be long before it begins. */
  start(spec: WorkerSpec, stop: AbortSignal): Promise<Running>
  /** Does ahead of the first start what can be done ahead. */
  warm(): Promise<void>
}

/** A worker, from its start to its end. */
export interface Entry {
  readonly spec: WorkerSpec
  readonly owner: Owner
  /** The realm that started it. */
  readonly parent: Client
  /** When it was started, in milliseconds since 1970. */
  readonly since: number
  readonly stop: AbortController
  starting: Promise<Running>
  running: Running | undefined
  outcome: Outcome | undefined
  /** CPU time that its thread had used before its target began, in milliseconds. */
  cpuBefore?: number
  /** Why it was ended. */
  verdict?: RemoteErrorData
  /** Where the threads live that it starts; undefined for the session. */
  host?: ThreadHost | undefined
}

type EndListener = (entry: Entry, how: string) => void

/** The workers of the session, from start to end. */
export class Workers {
  readonly clusters: Clusters
  readonly #options: WorkersOptions
  readonly #runners: { readonly [K in WorkerKind]: Runner }
  readonly #workers = new Map<string, Entry>()
  readonly #entries = new WeakMap<object, Entry>()
  readonly #listeners = new Set<EndListener>()
  #emptied = Promise.withResolvers<void>()

  constructor(options: WorkersOptions) {
    this.#options = options
    this.clusters = new Clusters(options.sink)
    this.#runners = { process: new ProcessRunner(options.sink), thread: new ThreadRunner(options) }
  }

  /** Resolves once the worker runs; tells `asker` when it has ended. */
  async start(worker: string, spec: WorkerSpec, asker: Client): Promise<Beginning> {
    const host = spec.kind === 'thread' ? this.#hostOf(asker) : undefined
    const runner = spec.cluster ? this.clusters.runner(spec.cluster.id) : this.#runners[spec.kind]
    const stop = new AbortController()
    const starting = host ? Promise.resolve(host.start(spec)) : runner.start(spec, stop.signal)
    const entry: Entry = { spec, owner: spec.owner, parent: asker, since: Date.now(), stop, starting, running: undefined, outcome: undefined, host }
    this.#workers.set(worker, entry)
    try {
      const beginning = await this.#begin(worker, entry)
      void this.#watch(worker, entry, asker)
      return beginning
    } catch (error) {
      this.#forget(worker)
      throw error
    }
  }

  async #begin(worker: string, entry: Entry): Promise<Beginning> {
    const running = (entry.running = await entry.starting)
    this.#entries.set(running.client, entry)
    this.#options.attach(running.client, worker)
    limit(entry.spec, running, error => {
      entry.verdict = error
    })
    return { pid: running.pid, ...(running.machine === undefined ? {} : { machine: running.machine }), at: Date.now() }
  }

  /** A process tells of a thread that lives in it. */
  hear(process: Client, thread: number, news: ThreadNews): void {
    this.#entries.get(process)?.host?.take(thread, news)
  }

  /** A thread lives in the process that starts it. */
  #hostOf(asker: Client): ThreadHost | undefined {
    const entry = this.#entries.get(asker)
    if (entry?.spec.kind === 'process' && entry.running) entry.host ??= new ThreadHost(entry.running)
    return entry?.host
  }

  /** Gets ready for the first worker of each kind. What fails here fails again, and is told, when one is started. */
  warm(): void {
    for (const runner of Object.values(this.#runners)) runner.warm().catch(() => undefined)
  }

  kill(worker: string, signal: NodeJS.Signals): void {
    const entry = this.#workers.get(worker)
    entry?.stop.abort()
    void entry?.starting.then(running => running.kill(signal))
  }

  /** Resolves when all is out that these had printed when this was called. */
  async settle(workers: readonly string[]): Promise<void> {
    await Promise.all(workers.map(worker => this.#workers.get(worker)?.running?.settled?.()))
  }

  living(): Iterable<Entry> {
    return this.#workers.values()
  }

  /** Ends a worker: politely, and then not. Resolves when it has ended. */
  async stop({ starting, stop }: Entry): Promise<void> {
    stop.abort()
    const running = await starting
    running.kill('SIGTERM')
    const timer = setTimeout(() => running.kill('SIGKILL'), PATIENCE)
    await running.ended
    clearTimeout(timer)
  }

  /** Calls back with each worker that has ended and how, until the result is disposed of. */
  onEnded(listener: EndListener): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /** Resolves when the last worker has ended. */
  get emptied(): Promise<void> {
    return this.#emptied.promise
  }

  /** Ends the workers of a cell. */
  interrupt(cell: string): void {
    this.#end(({ owner }) => owner.cell === cell, 'SIGINT')
  }

  /** Ends the workers that a realm has started. */
  orphan(parent: Client): void {
    this.#end(entry => entry.parent === parent, 'SIGTERM')
  }

  finished(client: Client, outcome: Outcome, clean: boolean): void {
    for (const entry of this.#workers.values()) {
      if (entry.running?.client !== client) continue
      entry.outcome = outcome
      entry.running.finished(outcome, clean)
    }
  }

  /** The threads that live in a worker process. */
  threadsIn(process: Client): Client[] {
    const { host } = this.#entries.get(process) ?? {}
    const threads = host ? [...this.#workers.values()].filter(entry => entry.spec.kind === 'thread' && entry.host === host) : []
    return threads.flatMap(({ running }) => running?.client ?? [])
  }

  clientOf(worker: string): Client | undefined {
    return this.#workers.get(worker)?.running?.client
  }

  /** Whether workers are about to run. */
  get areStarting(): boolean {
    return this.#workers.values().some(({ running }) => !running)
  }

  /** Its target begins; a thread may have run others before. */
  begun(client: Client, cpuTime: number): void {
    const entry = this.#entries.get(client)
    if (entry?.spec.kind === 'thread') entry.cpuBefore = cpuTime
  }

  ownerOf(client: Client): Owner {
    return this.#entries.get(client)?.owner ?? { cell: '' }
  }

  /** What people call it, with the machine where that is another one. */
  nameOf(client: Client): string {
    const { owner, running } = this.#entries.get(client) ?? {}
    const name = owner?.worker ?? 'MainThread'
    return running?.machine === undefined ? name : `${name}@${running.machine}`
  }

  /** Whether it runs on another machine. */
  isFar(client: Client): boolean {
    return this.#entries.get(client)?.running?.machine !== undefined
  }

  #judge({ owner, outcome, verdict }: Entry, exit: Ending): Ending {
    const judged: Ending = verdict ? { outcome: { status: 'threw', error: verdict }, ...exit } : exit
    const { outcome: said } = judged
    // Whoever only joins it would never know.
    if (said?.status === 'threw' && said.error.name === 'OutOfMemory') this.#options.sink.write(owner, 'stderr', `${owner.worker}: ${said.error.message}.\n`)
    return outcome ? { ...judged, outcome } : judged
  }

  /** Politely, and then not. */
  #end(which: (entry: Entry) => boolean, signal: NodeJS.Signals): void {
    for (const [worker, entry] of this.#workers) {
      if (!which(entry)) continue
      this.kill(worker, signal)
      setTimeout(() => this.kill(worker, 'SIGKILL'), PATIENCE).unref()
    }
  }

  #forget(worker: string): void {
    this.#workers.delete(worker)
    this.#options.gone(worker)
    if (this.#workers.size > 0) return
    this.#emptied.resolve()
    this.#emptied = Promise.withResolvers()
  }

  /** Those that are there already, for a trace that begins. */
  present(): ReadonlyMap<string, TraceWorker> {
    const present = [...this.#workers].map(([id, { spec: { name, kind }, running }]): [string, TraceWorker] =>
      [id, { name, kind, ...(running ? { pid: running.pid, ran: -Infinity } : {}) }])
    return new Map(present)
  }

  async #watch(worker: string, entry: Entry, asker: Client): Promise<void> {
    const exit: Ending = { ...(await this.#lastEnd(worker, entry, asker)), at: Date.now() }
    const { client } = entry.running as Running
    this.#forget(worker)
    for (const listener of this.#listeners) listener(entry, exit.signal ?? `exit ${exit.exitCode}`)
    // Who reads keeps what is no whole line yet only of those that have a label.
    if (entry.owner.label !== undefined) this.#options.sink.event({ type: 'ended', owner: entry.owner })
    const ending = this.#judge(entry, exit)
    this.#options.detach(client, ending)
    this.orphan(client)
    asker.post({ type: 'ended', worker, ending })
  }

  /** Begins anew what is to have another attempt; what the last one had of others goes back before. */
  async #lastEnd(worker: string, entry: Entry, asker: Client): Promise<Ending> {
    for (;;) {
      const running = entry.running as Running
      const { again, ...exit } = await running.ended
      if (!again) return exit
      entry.starting = again()
      entry.running = undefined
      entry.outcome = undefined
      entry.host = undefined
      this.#options.detach(running.client, exit)
      this.orphan(running.client)
      asker.post({ type: 'began', worker, beginning: await this.#begin(worker, entry) })
    }
  }
}
