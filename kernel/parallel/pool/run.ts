import { currentSignal } from '../../session/owner.ts'
import type { Progress } from '../../display/progress.ts'
import type { WorkerError } from '../client/errors.ts'
import { checkLimits, limit, type WaitOptions } from '../client/limits.ts'
import { fromRemoteError } from '../client/remote-errors.ts'
import type { Chunk } from './chunks.ts'
import type { Crew } from './crew.ts'
import { Task } from './task.ts'
import { TaskError } from './task-error.ts'
import type { Work } from './work.ts'

export interface RunOptions {
  /** Ends it when aborted, together with the workers that are at it; others take their place. */
  readonly signal?: AbortSignal | undefined
  /** So does this many milliseconds: it rejects with TimedOut. Default: never. */
  readonly timeout?: number | undefined
}

/** One use of a pool, from its call to its end. */
export class Run implements AsyncDisposable {
  /** Aborted by whoever called, or by an interrupt of the cell. */
  readonly signal: AbortSignal
  progress: Progress | undefined
  readonly #crew: Crew
  readonly #work: Work
  readonly #onAbort = () => this.#crew.cancel(this.#work, this.signal.reason, true)

  readonly #timeout: WaitOptions
  readonly #late = new AbortController()
  #limits: Disposable | undefined

  constructor(crew: Crew, work: Work, { signal, timeout }: RunOptions) {
    this.#crew = crew
    this.#work = work
    this.#timeout = timeout === undefined ? {} : { timeout }
    checkLimits({ ...this.#timeout, ...(signal ? { signal } : {}) })
    this.signal = AbortSignal.any([signal, currentSignal(), this.#late.signal].filter(one => one !== undefined))
  }

  /** Until this is disposed of, the pool has work. */
  begin(): this {
    this.signal.throwIfAborted()
    this.#crew.enter()
    this.signal.addEventListener('abort', this.#onAbort)
    this.#limits = limit(this.#timeout, reason => this.#late.abort(reason))
    return this
  }

  /** What the calls returned, and what the one that failed threw. */
  async try(chunk: Chunk<unknown>, counted = true): Promise<{ readonly values: readonly unknown[]; readonly error?: WorkerError }> {
    this.signal.throwIfAborted()
    let seen = 0
    const advance = (count: number) => {
      this.progress?.advance(count - seen)
      seen = count
    }
    const task = new Task(this.#work, chunk.items, counted ? chunk.first : undefined, advance)
    this.#crew.submit(task)
    const { values, failure, member } = await task.result.promise
    const returned = await values()
    advance(returned.length)
    if (!failure) return { values: returned }
    const index = failure.item === undefined ? undefined : task.index(failure.item)
    return { values: returned, error: await fromRemoteError(failure.error, new TaskError(failure.error, member, index)) }
  }

  /** The same, once what the calls printed is out. */
  async tryAloud(chunk: Chunk<unknown>): ReturnType<Run['try']> {
    const tried = await this.try(chunk)
    await this.#crew.settle()
    return tried
  }

  async do(chunk: Chunk<unknown>, counted = true): Promise<readonly unknown[]> {
    const { values, error } = await this.try(chunk, counted)
    if (error) throw error
    return values
  }

  /** Nobody waits for the rest: what runs may end, the others need not begin. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#limits?.[Symbol.dispose]()
    this.signal.removeEventListener('abort', this.#onAbort)
    this.#crew.cancel(this.#work, new Error('Nobody waits for it any more.'), false)
    if (!this.signal.aborted) await this.#crew.settle()
    this.#crew.leave()
  }
}
