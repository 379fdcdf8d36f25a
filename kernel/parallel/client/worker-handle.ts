import { inspect } from 'node:util'
import { uniqueId } from '../../random.ts'
import { Interrupted, UsageError } from '../../errors.ts'
import { currentOwner, isAbandoned } from '../../session/owner.ts'
import type { Owner } from '../../session/protocol.ts'
import { capture } from '../capture/capture.ts'
import { letTravel } from '../capture/refusals.ts'
import type { Mode, Parcel } from '../capture/parcel.ts'
import type { Beginning, CellSource, Ending, Outcome, RemoteErrorData, StartMethod, WorkerKind, WorkerSpec } from '../protocol.ts'
import type { Cluster } from '../cluster.ts'
import { checkClusterOptions, clusterSpec } from './cluster-options.ts'
import { checkStartMethod, getStartMethod } from '../start-method.ts'
import { children } from './children.ts'
import { TimedOut, WorkerError } from './errors.ts'
import { fromItem } from './items.ts'
import { type WaitOptions, within } from './limits.ts'
import { noting } from './noting.ts'
import { realm } from './realm.ts'
import { fromRemoteError } from './remote-errors.ts'

export interface WorkerOptions<Arguments extends readonly unknown[]> {
  /** What the worker runs: any function of the notebook, with everything that it uses. Default: the method `run` of a class that extends this one. */
  readonly target?: (...args: Arguments) => unknown
  /** What the target is called with. Default: nothing. */
  readonly args?: Arguments
  /** Default: `Process-1`, `Thread-1` and so on. */
  readonly name?: string
  /**
   * Whether it ends with the worker that started it, which else waits for it when its own target has returned. Default:
   * false. Either way it outlives the cell that started it, and ends with the session, or with a parent that is ended.
   */
  readonly daemon?: boolean
  /**
   * The most memory that it may take, in MB: a process from the system (it begins with about 55), a thread for its heap
   * and its buffers (it begins with about 25). Garbage counts until it is collected, so leave room. Whoever takes more
   * is ended within a fraction of a second, and its error says so. Default: no limit of its own.
   */
  readonly maxMemory?: number
}

/** What a process may be told besides that is to run on another machine. */
export interface ClusterOptions {
  /** Runs it on a machine of this cluster. Default: on the notebook's own. */
  readonly cluster?: Cluster
  /** Only on a machine that was started with all of these tags. Default: on any. */
  readonly tags?: readonly string[]
  /**
   * How often it may begin: again from the start, later and elsewhere if need be, when its machine is gone or the process
   * was killed there by somebody else. So it may run more than once. Default: 3.
   */
  readonly attempts?: number
  /** Of what waits for a machine, lower goes first, from 1 on. Default: before all that have one, in order. */
  readonly priority?: number
}

/** Less is needed before the target begins. In MB. */
const LEAST_MEMORY = 16

/** How long `events()` waits in silence for a worker that nobody has started, in milliseconds. */
const PATIENCE = 2000

/** A change of a worker's state. `exit` has Python's number, the signal that ended it, and what it failed with, where that is known. */
export type WorkerEvent =
  | { readonly type: 'start'; readonly worker: string; readonly time: Date; readonly pid: number }
  | { readonly type: 'exit'; readonly worker: string; readonly time: Date; readonly exitCode: number; readonly signal?: NodeJS.Signals; readonly error?: WorkerError }

/** What cells with several workers set besides. */
export interface CellWorkerOptions {
  readonly rank: number
  readonly size: number
  readonly label: boolean
  /** After so many milliseconds the worker is ended, however busy the session is then. Default: never. */
  readonly timeout?: number
}

interface HandleOptions<Arguments extends readonly unknown[]> extends WorkerOptions<Arguments>, ClusterOptions {
  readonly startMethod?: StartMethod
  /** What it will have to import besides, for what it is given later. */
  readonly imports?: readonly string[]
}

/** A thread or a process, from its making to its end. */
export abstract class WorkerHandle<Arguments extends readonly unknown[] = readonly unknown[]> {
  readonly name: string
  readonly daemon: boolean
  protected readonly id = uniqueId()
  /** When it starts, if not at once. */
  protected schedule: { readonly after?: number } = {}
  readonly #kind: WorkerKind
  readonly #options: HandleOptions<Arguments>
  readonly #cell: CellWorkerOptions | undefined
  readonly #ended = Promise.withResolvers<Ending>()
  #ending: Ending | undefined
  readonly #begun = Promise.withResolvers<Beginning | undefined>()
  #beginning: Beginning | undefined
  #started: Promise<void> | undefined

  constructor(kind: WorkerKind, name: string, options: HandleOptions<Arguments> = {}, cell?: CellWorkerOptions) {
    if (typeof options?.target !== 'function' && (options?.target !== undefined || !hasRun(this))) throw new UsageError(`${title(kind)} needs a target: a function, as in new ${title(kind)}({ target: work }).`)
    checkOptions(kind, options)
    this.name = options.name || name
    this.daemon = options.daemon ?? false
    this.#kind = kind
    this.#options = options
    this.#cell = cell
  }

  /** The operating system's number of the process that runs the target, once `start()` has resolved. */
  get pid(): number | undefined {
    return this.#beginning?.pid
  }

  /** The machine of the cluster that runs it, or ran it last; undefined for the notebook's own. */
  get machine(): string | undefined {
    return this.#beginning?.machine
  }

  /** Its name, with the machine's where that is another one: `Process-1@host`. */
  get fullName(): string {
    return this.machine === undefined ? this.name : `${this.name}@${this.machine}`
  }

  /** Python's number: 0 after a return, 1 after an error, what was given to `process.exit`, `-9` when killed by signal 9. */
  get exitCode(): number | undefined {
    return this.#ending?.exitCode
  }

  /** The name of the signal that ended it. */
  get signal(): NodeJS.Signals | undefined {
    return this.#ending?.signal
  }

  /** When it began to run. */
  get startedAt(): Date | undefined {
    return this.#beginning && new Date(this.#beginning.at)
  }

  /** When it ended. */
  get endedAt(): Date | undefined {
    return this.#ending && new Date(this.#ending.at ?? Date.now())
  }

  /** Whether it was started and has not ended. */
  isAlive(): boolean {
    return this.#started !== undefined && this.#ending === undefined
  }

  /**
   * Starts the worker. The copies that it gets are taken before this returns; the promise resolves when it runs.
   * Throws, before anything starts, when something that the target uses can't travel.
   */
  start(): Promise<void> {
    if (this.#started) throw new UsageError(`${this.name} was started before: a ${this.#kind} starts once.`)
    if (isAbandoned()) throw new Interrupted('Nobody needs the run that would start this any more.')
    const spec = this.#spec()
    const { client } = realm()
    const living = children()
    living.add(this)
    client.onChange(this.id, {
      began: beginning => {
        this.#beginning = beginning
      },
      ended: ending => {
        living.delete(this)
        this.#end(ending)
      }
    })
    this.#started = client.ask({ type: 'start', worker: this.id, spec, ...this.schedule }).then(answer => {
      // None for a Timer that was cancelled.
      this.#beginning = answer as Beginning | undefined
      this.#begun.resolve(this.#beginning)
    })
    this.#started.catch(error => {
      living.delete(this)
      this.#begun.reject(error)
      this.#ended.reject(error)
    })
    for (const { promise } of [this.#begun, this.#ended]) promise.catch(() => undefined)
    return this.#started
  }

  /** Waits for the end. `false` when `timeout` milliseconds were not enough. */
  async join(options: WaitOptions = {}): Promise<boolean> {
    this.#mustBeStarted('join')
    try {
      await this.#untilEnded(options)
      return true
    } catch (error) {
      if (error instanceof TimedOut) return false
      throw error
    }
  }

  /** What the target returned. Rejects with what it threw, which is a WorkerError besides, or with one when it ended before it could return. */
  async result(options: WaitOptions = {}): Promise<unknown> {
    this.#mustBeStarted('result')
    const ending = await this.#untilEnded(options)
    return this.#valueOf(ending.outcome, ending)
  }

  /**
   * When it began and when and how it ended, as that happens: from the beginning, also if it is asked for later, or
   * before `start()`, which is missed aloud after two seconds. The times are right even when the one who reads was busy meanwhile. Ends with the `exit`.
   *
   * @example
   * const child = new Process({ target: () => sleep(10) })
   * child.start()
   * for await (const event of child.events()) console.log(event.time.toISOString(), event.worker, event.type)
   */
  async *events(options: WaitOptions = {}): AsyncGenerator<WorkerEvent> {
    const beginning = await this.#untilBegun(options)
    if (beginning) yield { type: 'start', worker: this.name, time: this.startedAt as Date, pid: beginning.pid }
    const { exitCode, signal, outcome } = await this.#untilEnded(options)
    const error = exitCode !== 0 && outcome?.status === 'threw' ? await this.#failure(outcome.error) : undefined
    yield { type: 'exit', worker: this.name, time: this.endedAt as Date, exitCode, ...(signal ? { signal } : {}), ...(error ? { error } : {}) }
  }

  /** Asks the worker to end (SIGTERM). */
  terminate(): void {
    this.#kill('SIGTERM')
  }

  /** Ends the worker at once (SIGKILL). */
  kill(): void {
    this.#kill('SIGKILL')
  }

  /** Asks it to end when a block ends: `using child = new Process(…)`. Does nothing if it has ended, or never began. */
  [Symbol.dispose](): void {
    if (this.isAlive()) this.terminate()
  }

  /** The same, and waits for its end: `await using child = new Process(…)`. */
  async [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]()
    if (this.#started) await this.#ended.promise.catch(() => undefined)
  }

  #kill(signal: NodeJS.Signals): void {
    this.#mustBeStarted(signal === 'SIGTERM' ? 'terminate' : 'kill')
    realm().client.tell({ type: 'kill', worker: this.id, signal })
  }

  #untilEnded(options: WaitOptions): Promise<Ending> {
    return realm().client.join(this.id, this.#ended.promise, options)
  }

  async #untilBegun(options: WaitOptions): Promise<Beginning | undefined> {
    const impatient = () => this.#started ?? process.stderr.write(`${this.name} is not started: events() waits for start().\n`)
    const timer = setTimeout(impatient, PATIENCE).unref()
    try {
      return await within(this.#begun.promise, options)
    } finally {
      clearTimeout(timer)
    }
  }

  #mustBeStarted(what: string): void {
    if (!this.#started) throw new UsageError(`${this.name} is not started: call start() before ${what}().`)
  }

  #end(ending: Ending): void {
    this.#ending = ending
    this.#ended.resolve(ending)
  }

  async #valueOf(outcome: Outcome | undefined, ending: Ending): Promise<unknown> {
    if (outcome?.status === 'returned') return fromItem(outcome.value)
    const how = ending.signal ? `was ended by ${ending.signal}` : `ended with exit code ${ending.exitCode}`
    const error = outcome?.error ?? { name: 'WorkerEnded', message: `it ${how} before its target returned`, stack: '' }
    throw await this.#failure(error)
  }

  #failure(error: RemoteErrorData): Promise<WorkerError> {
    return fromRemoteError(error, new WorkerError(error, this.fullName))
  }

  #spec(): WorkerSpec {
    const { target, args = [] } = this.#options.target || !hasRun(this) ? this.#options : { target: runCopy, args: [letTravel(this)] }
    const { maxMemory, startMethod = getStartMethod() } = this.#options
    const mode: Mode = this.#kind === 'thread' ? 'share' : 'copy'
    const cells: Record<string, CellSource> = {}
    const parcel = capture({ target, args }, noting(realm().scope, cells), mode, `the target of ${this.name}`)
    const { rank, size, timeout } = this.#cell ?? { rank: 0, size: 1 }
    const limits = { ...(timeout === undefined ? {} : { timeout }), ...(maxMemory === undefined ? {} : { maxMemory }) }
    const cwd = process.cwd()
    const place = { rank, size, cwd, folder: realm().folder ?? cwd, startMethod }
    return { kind: this.#kind, name: this.name, parcel, owner: this.#owner(), cells, isCell: this.#cell !== undefined, ...place, ...limits, ...this.#where(parcel) }
  }

  /** What a process of a cluster starts is of the cluster, too. */
  #where({ imports = [] }: Parcel): Pick<WorkerSpec, 'cluster'> {
    const { cluster = this.#kind === 'process' ? realm().cluster : undefined } = this.#options
    return cluster ? { cluster: clusterSpec(cluster, this.#options, [...imports, ...(this.#options.imports ?? [])]) } : {}
  }

  #owner(): Owner {
    const { cell, output } = currentOwner()
    return { cell, ...(output === undefined ? {} : { output }), worker: this.name, ...(this.#cell?.label ? { label: this.name } : {}) }
  }
}

function checkOptions(kind: WorkerKind, options: Omit<HandleOptions<readonly unknown[]>, 'target'>): void {
  const { name, args, daemon, maxMemory, startMethod } = options
  if (name !== undefined && typeof name !== 'string') throw new UsageError(`The name of a ${kind} is a text, not ${inspect(name)}.`)
  if (args !== undefined && !Array.isArray(args)) throw new UsageError(`args is an array of what the target is called with, as in args: [${inspect(args, { depth: 0 })}].`)
  if (daemon !== undefined && typeof daemon !== 'boolean') throw new UsageError(`daemon is true or false, not ${inspect(daemon, { depth: 0 })}.`)
  if (maxMemory !== undefined && !(maxMemory >= LEAST_MEMORY)) throw new UsageError(`maxMemory is a number of MB from ${LEAST_MEMORY} on, not ${String(maxMemory)}.`)
  if (startMethod) checkStartMethod(startMethod)
  checkClusterOptions(options)
}

function hasRun(worker: object): worker is { run(): unknown } {
  return 'run' in worker && typeof worker.run === 'function'
}

/** Runs in the worker, where what the kernel keeps of a handle is not. */
function runCopy(self: { run(): unknown }): unknown {
  Object.defineProperty(self, 'pid', { value: process.pid })
  return self.run()
}

function title(kind: WorkerKind): string {
  return kind === 'thread' ? 'Thread' : 'Process'
}
