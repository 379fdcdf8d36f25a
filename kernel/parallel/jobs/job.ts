import { display } from '../../display/display.ts'
import { DISPLAY } from '../../display/mime.ts'
import type { MimeBundle } from '../../session/protocol.ts'
import { said, TimedOut, WorkerError } from '../client/errors.ts'
import type { WaitOptions } from '../client/limits.ts'
import type { WorkerHandle } from '../client/worker-handle.ts'
import type { WorkerKind } from '../protocol.ts'
import { type JobState, picture } from './picture.ts'
import { register } from './running-jobs.ts'

/** How long workers may take to end by themselves when they are asked to, in milliseconds. */
const PATIENCE = 1000

export interface JobOptions {
  readonly name: string
  readonly kind: WorkerKind
  /** One, or as many as the cell asked for. */
  readonly workers: readonly WorkerHandle<[]>[]
  /** Whether its result is an array, as it is for a cell that asks for a count. */
  readonly isMany: boolean
}

/**
 * What a `%%thread` or `%%process` cell runs. With `--background` it goes on when the cell has ended.
 *
 * @example
 * %%process --background --out training
 * let loss = 1
 * for (let step = 0; step < 1e9; step++) loss *= 0.999
 * loss
 *
 * @example
 * // in any later cell
 * await training.result() // or join(), stop(), pids, exitCodes
 */
export class Job implements AsyncDisposable {
  readonly name: string
  readonly kind: WorkerKind
  readonly workers: readonly WorkerHandle<[]>[]
  /** When it was made. */
  readonly since = new Date()
  readonly #isMany: boolean
  #hasEnded = false
  #isStopped = false
  #failure: unknown

  constructor({ name, kind, workers, isMany }: JobOptions) {
    this.name = name
    this.kind = kind
    this.workers = workers
    this.#isMany = isMany
  }

  /** The operating system's numbers of its workers; undefined for those that have not begun. */
  get pids(): readonly (number | undefined)[] {
    return this.workers.map(({ pid }) => pid)
  }

  /** Python's numbers, undefined for workers that still run: 0 after a return, 1 after an error, `-9` when killed by signal 9. */
  get exitCodes(): readonly (number | undefined)[] {
    return this.workers.map(({ exitCode }) => exitCode)
  }

  /** How it goes, or went. */
  get state(): JobState {
    // One whose start failed has no end of its own.
    if (this.isAlive() && !this.#hasEnded) return 'running'
    if (this.#isStopped) return 'stopped'
    return this.workers.every(({ exitCode }) => exitCode === 0) ? 'done' : 'failed'
  }

  /** Whether a worker of it runs. */
  isAlive(): boolean {
    return this.workers.some(worker => worker.isAlive())
  }

  /** Starts all workers. Throws, before any of them runs, when something that the cell uses can't travel. */
  start(): Promise<void> {
    return Promise.all(this.workers.map(worker => worker.start())).then(() => undefined)
  }

  /** Shows in the cell that it runs, until its end, and then how it ended. Resolves when the former is shown. */
  async watch(): Promise<void> {
    const registration = register(this)
    const shown = await display(this)
    void this.#ended().then(() => {
      registration[Symbol.dispose]()
      return shown.update(this)
    })
  }

  /** Waits for the end of all workers. `false` when `timeout` milliseconds were not enough. */
  async join(options: WaitOptions = {}): Promise<boolean> {
    const ended = await Promise.all(this.workers.map(worker => worker.join(options)))
    if (ended.includes(false)) return false
    // Shown from now on, it says why. Its value stays where it is until somebody asks for it.
    if (this.state === 'failed') this.#failure ??= await this.#failureOf(this.#failed)
    return true
  }

  /**
   * The value at the cell's end, an array of them where it asked for a count. Rejects with a WorkerError when a worker
   * failed or was ended (of several, its `cause` is the first one's), and with TimedOut when `timeout` milliseconds were not enough.
   */
  async result(options: WaitOptions = {}): Promise<unknown> {
    if (!(await this.join(options))) throw new TimedOut(options.timeout as number)
    const failed = this.#failed
    if (failed.length > 0) throw await this.#failureOf(failed)
    const values = await Promise.all(this.workers.map(worker => worker.result()))
    if (!this.#isMany) return values[0]
    return values.some(value => value !== undefined) ? values : undefined
  }

  /** Ends all workers: politely, and a second later by force. Resolves when they have ended. */
  async stop(): Promise<void> {
    this.#end(worker => worker.terminate())
    if (await this.join({ timeout: PATIENCE })) return
    this.kill()
    await this.join()
  }

  /** Ends all workers at once. */
  kill(): void {
    this.#end(worker => worker.kill())
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  [DISPLAY](): MimeBundle {
    const end = this.isAlive() ? Date.now() : Math.max(...this.workers.map(({ endedAt }) => endedAt?.getTime() ?? 0))
    const milliseconds = Math.max(0, end - this.since.getTime())
    const failure = this.#failure
    // Of one worker alone, the name is said already.
    const reason = failure instanceof WorkerError ? (this.workers.length === 1 ? said(failure) : failure.message) : undefined
    return picture({ name: this.name, kind: this.kind, count: this.workers.length, state: this.state, since: this.since, milliseconds, reason })
  }

  #end(end: (worker: WorkerHandle<[]>) => void): void {
    for (const worker of this.workers) {
      if (!worker.isAlive()) continue
      this.#isStopped = true
      end(worker)
    }
  }

  get #failed(): readonly WorkerHandle<[]>[] {
    return this.workers.filter(({ exitCode }) => exitCode !== 0)
  }

  async #ended(): Promise<void> {
    try {
      await this.join()
    } catch (error) {
      this.#failure = error
    }
    this.#hasEnded = true
  }

  async #failureOf(failed: readonly WorkerHandle<[]>[]): Promise<WorkerError> {
    const [failure, ...others] = (await Promise.all(failed.map(failureOf))) as [WorkerError, ...WorkerError[]]
    if (others.length === 0) return failure
    const names = failed.map(({ name }) => name).join(', ')
    const message = `${failed.length} of ${this.workers.length} workers failed, ${names}; the first of them: ${failure.worker}: ${said(failure)}`
    return Object.assign(new WorkerError({ name: 'WorkersFailed', message, stack: '' }), { cause: failure })
  }
}

async function failureOf(worker: WorkerHandle<[]>): Promise<WorkerError> {
  const message = `it ended with exit code ${worker.exitCode}, after its cell had come to its end`
  return worker.result().then(() => new WorkerError({ name: 'WorkerEnded', message, stack: '' }, worker.name), (error: WorkerError) => error)
}
