import type { OutputServer } from '../../output/inherited.ts'
import type { Sink, SinkMemory } from '../../output/sink.ts'
import type { Owner } from '../../session/protocol.ts'
import type { Ending, Outcome, WorkerKind, WorkerSpec } from '../protocol.ts'
import type { Client } from './hub.ts'
import type { Leaving } from './member.ts'
import { ProcessRunner } from './process-runner.ts'
import { ThreadRunner } from './thread-runner.ts'

/** How long a worker may take to end after SIGINT or SIGTERM, in milliseconds. */
const PATIENCE = 1000

export interface WorkersOptions {
  readonly sink: Sink
  readonly memory: SinkMemory
  readonly output: OutputServer
  /** The session's main thread, which has the notebook's variables. */
  readonly main: Client
  attach(client: Client): void
  /** `leaving` says whether its end was in order. */
  detach(client: Client, leaving: Leaving): void
}

/** A worker that runs. */
export interface Running {
  readonly pid: number
  readonly client: Client
  /** Settles when all that the worker printed is out; never rejects. */
  readonly ended: Promise<Omit<Ending, 'outcome'>>
  /** Its target has ended; `clean` when the worker stays for another one. */
  finished(outcome: Outcome, clean: boolean): void
  kill(signal: NodeJS.Signals): void
}

/** One interface for both kinds of workers. */
export interface Runner {
  start(spec: WorkerSpec): Promise<Running>
  /** Does ahead of the first start what can be done ahead. */
  warm(): Promise<void>
}

interface Entry {
  readonly owner: Owner
  readonly starting: Promise<Running>
  running?: Running
  outcome?: Outcome
}

/** The workers of the session, from start to end. */
export class Workers {
  readonly #options: WorkersOptions
  readonly #runners: { readonly [K in WorkerKind]: Runner }
  readonly #workers = new Map<string, Entry>()
  readonly #owners = new WeakMap<object, Owner>()

  constructor(options: WorkersOptions) {
    this.#options = options
    this.#runners = { process: new ProcessRunner(options.sink), thread: new ThreadRunner(options) }
  }

  /** Resolves with the pid once the worker runs; tells `asker` when it has ended. */
  async start(worker: string, spec: WorkerSpec, asker: Client): Promise<number> {
    const entry: Entry = { owner: spec.owner, starting: this.#runners[spec.kind].start(spec) }
    this.#workers.set(worker, entry)
    try {
      const running = (entry.running = await entry.starting)
      this.#owners.set(running.client, spec.owner)
      this.#options.attach(running.client)
      if (spec.timeout !== undefined) this.#limit(spec.timeout, entry, running)
      void this.#watch(worker, entry, running, asker)
      return running.pid
    } catch (error) {
      this.#workers.delete(worker)
      throw error
    }
  }

  /** Gets ready for the first worker of each kind. What fails here fails again, and is told, when one is started. */
  warm(): void {
    for (const runner of Object.values(this.#runners)) runner.warm().catch(() => undefined)
  }

  kill(worker: string, signal: NodeJS.Signals): void {
    const entry = this.#workers.get(worker)
    void entry?.starting.then(running => running.kill(signal))
  }

  /** Ends the workers of a cell: politely, and then not. */
  interrupt(cell: string): void {
    for (const [worker, entry] of this.#workers) {
      if (entry.owner.cell !== cell) continue
      this.kill(worker, 'SIGINT')
      setTimeout(() => this.kill(worker, 'SIGKILL'), PATIENCE).unref()
    }
  }

  finished(client: Client, outcome: Outcome, clean: boolean): void {
    for (const entry of this.#workers.values()) {
      if (entry.running?.client !== client) continue
      entry.outcome = outcome
      entry.running.finished(outcome, clean)
    }
  }

  clientOf(worker: string): Client | undefined {
    return this.#workers.get(worker)?.running?.client
  }

  /** Whether workers are about to run. */
  get areStarting(): boolean {
    return this.#workers.values().some(({ running }) => !running)
  }

  ownerOf(client: Client): Owner {
    return this.#owners.get(client) ?? { cell: '' }
  }

  /** Ends the worker when its time is over. */
  #limit(timeout: number, entry: Entry, running: Running): void {
    const timer = setTimeout(() => {
      entry.outcome ??= { status: 'threw', error: { name: 'TimedOut', message: `it took longer than ${timeout} ms and was ended`, stack: '' } }
      running.kill('SIGKILL')
    }, timeout)
    void running.ended.then(() => clearTimeout(timer))
  }

  async #watch(worker: string, entry: Entry, running: Running, asker: Client): Promise<void> {
    const exit = await running.ended
    this.#workers.delete(worker)
    this.#options.sink.event({ type: 'ended', owner: entry.owner })
    this.#options.detach(running.client, exit.exitCode === 0 ? 'returned' : 'failed')
    asker.post({ type: 'ended', worker, ending: entry.outcome ? { ...exit, outcome: entry.outcome } : exit })
  }
}
