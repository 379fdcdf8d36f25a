import { UsageError } from '../errors.ts'
import { WorkerHandle } from './client/worker-handle.ts'
import { realm } from './client/realm.ts'

export interface TimerOptions<Arguments extends readonly unknown[]> {
  /** In how many milliseconds the function is called, counted from `start()`. */
  readonly interval: number
  readonly function: (...args: Arguments) => unknown
  /** What the function is called with. Default: nothing. */
  readonly args?: Arguments
  /** Default: `Timer-1` and so on. */
  readonly name?: string
  /** Whether it ends with the worker that started it, which else waits for it. Default: false. */
  readonly daemon?: boolean
}

let count = 0

/**
 * A thread that starts later, however busy the session is then.
 *
 * @example
 * const timer = new Timer({ interval: 1000, function: () => console.log('a second later') })
 * timer.start()
 * timer.cancel() // if it is not too late
 */
export class Timer<Arguments extends readonly unknown[] = readonly unknown[]> extends WorkerHandle<Arguments> {
  #started = false
  #cancelled = false

  constructor(options: TimerOptions<Arguments>) {
    const { interval, function: target, args, name = `Timer-${++count}`, daemon = false } = options ?? {}
    if (typeof interval !== 'number' || !(interval >= 0)) throw new UsageError(`A Timer needs an interval in milliseconds, as in new Timer({ interval: 1000, function: work }), not ${String(interval)}.`)
    if (typeof target !== 'function') throw new UsageError('A Timer needs a function, as in new Timer({ interval: 1000, function: work }).')
    super('thread', name, { target, name, daemon, ...(args === undefined ? {} : { args }) })
    this.schedule = { after: interval }
  }

  /** Counts from now. Throws, before anything starts, when something that the function uses can't travel. */
  override start(): Promise<void> {
    super.start().catch(() => undefined)
    this.#started = true
    if (this.#cancelled) this.cancel()
    return Promise.resolve()
  }

  /** Does not call the function, if it was not called yet, also if it is started later: then `result()` is undefined. */
  cancel(): void {
    this.#cancelled = true
    if (this.#started) realm().client.tell({ type: 'unschedule', worker: this.id })
  }
}
