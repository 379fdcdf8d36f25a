import { availableParallelism } from 'node:os'
import { UsageError } from '../errors.ts'
import { checkClusterOptions } from './client/cluster-options.ts'
import { type WaitOptions, within } from './client/limits.ts'
import { TimedOut } from './client/errors.ts'
import { type AnyIterable, chunksOf, chunkSize, collect, cut, lengthOf } from './pool/chunks.ts'
import { Crew, type CrewOptions } from './pool/crew.ts'
import type { Elsewhere } from './pool/member.ts'
import type { Arguments } from './pool/messages.ts'
import { Run, type RunOptions } from './pool/run.ts'
import { collected, streamed } from './pool/results.ts'
import { captureInitializer, captureWork, type WorkOptions } from './pool/work.ts'
import type { Cluster } from './cluster.ts'
import type { WorkerKind } from './protocol.ts'

export interface PoolOptions<Initial extends Arguments = Arguments> {
  /** How many workers. Default: as many as the machine runs at once, or the cluster. */
  readonly size?: number
  /** Processes, which copy, or threads, which share the notebook's variables. Default: `process`. */
  readonly kind?: WorkerKind
  /** Called in each worker before its first task. The variables that it uses stay the worker's own. */
  readonly initializer?: (...args: Initial) => unknown
  readonly initargs?: Initial
  /** A worker is replaced after so many tasks, that is chunks. Default: never. */
  readonly maxTasksPerChild?: number
  /** The most memory of each worker, in MB. One that takes more is ended and replaced; what it had fails with the reason. Default: no limit. */
  readonly maxMemory?: number
  /**
   * Its workers are processes on the machines of this cluster. What a worker had that is lost with its machine is given to
   * another one, so a call may happen more than once. Default: on the notebook's machine.
   */
  readonly cluster?: Cluster
  /** Only on machines that were started with all of these tags. Default: on any. */
  readonly tags?: readonly string[]
}

export interface MapOptions extends RunOptions {
  /** How many items a worker takes at a time. Default: a quarter of a worker's share for `map`, 1 for `imap`. */
  readonly chunksize?: number
  /** A bar in the cell, once it takes more than half a second. Default: for `map` in a cell. */
  readonly progress?: boolean
}

/**
 * Workers that wait for work: the same function for many items, on all cores.
 *
 * The function is captured once for each call, with everything that it uses; items and results are copied. When a call
 * of it throws, the promise rejects with that, which is a TaskError besides: its `index` is the item's, its stack has the cell's line;
 * a worker that dies fails what it had, with the reason, and is replaced. The pool goes on either way.
 *
 * @example
 * await using pool = new Pool()
 * await pool.map(n => n ** 2, [1, 2, 3]) // [1, 4, 9]
 */
export class Pool<Initial extends Arguments = Arguments> implements AsyncDisposable {
  readonly size: number
  readonly kind: WorkerKind
  readonly #crew: Crew

  /** @param options how many workers will do, as in Python: `new Pool(4)` */
  constructor(options: PoolOptions<Initial> | number = {}) {
    const checked = check(optionsOf(options))
    this.size = checked.size
    this.kind = checked.kind
    this.#crew = new Crew(checked)
    forgotten.register(this, this.#crew)
  }

  /**
   * What the function returns for each item, in order. Rejects with the first error; what runs then may end, and the
   * rest is not begun.
   *
   * @example await pool.map(n => n % 7 === 0, Array(1000).keys(), { chunksize: 50 })
   */
  async map<T, R>(target: (item: T) => R, items: AnyIterable<T>, options: MapOptions = {}): Promise<Awaited<R>[]> {
    return (await this.#map('map', target, items, options)) as Awaited<R>[]
  }

  /**
   * Like `map`, for a function of several arguments: each item is an array of them.
   *
   * @example await pool.starmap(Math.max, [[1, 2], [4, 3]]) // [2, 4]
   */
  async starmap<A extends Arguments, R>(target: (...args: A) => R, items: AnyIterable<Readonly<A>>, options: MapOptions = {}): Promise<Awaited<R>[]> {
    return (await this.#map('starmap', target, items, options)) as Awaited<R>[]
  }

  /**
   * The results in order, as they come. Items are taken only a few ahead of who reads, so they may be without end.
   *
   * @example for await (const square of pool.imap(n => n ** 2, [1, 2, 3])) console.log(square)
   */
  imap<T, R>(target: (item: T) => R, items: AnyIterable<T>, options: MapOptions = {}): AsyncGenerator<Awaited<R>> {
    return this.#stream('imap', target, items, { ...options, ordered: true }) as AsyncGenerator<Awaited<R>>
  }

  /** Like `imap`, but whatever is ready comes first. */
  imapUnordered<T, R>(target: (item: T) => R, items: AnyIterable<T>, options: MapOptions = {}): AsyncGenerator<Awaited<R>> {
    return this.#stream('imapUnordered', target, items, { ...options, ordered: false }) as AsyncGenerator<Awaited<R>>
  }

  /**
   * Calls a function in one of the workers.
   *
   * @example await pool.apply(Math.pow, [2, 10]) // 1024
   */
  async apply<A extends Arguments, R>(target: (...args: A) => R, args?: A, options: RunOptions = {}): Promise<Awaited<R>> {
    if (args !== undefined && !Array.isArray(args)) throw new UsageError('apply takes the arguments as an array, as in pool.apply(Math.pow, [2, 10]).')
    await using run = this.#open('apply', target, options, { spread: true, watched: false }).begin()
    const [value] = await run.do({ first: 0, items: [args ?? []] }, false)
    return value as Awaited<R>
  }

  /** Takes nothing more; the workers end when all is done. */
  close(): void {
    this.#crew.close()
  }

  /** Ends the workers at once, whatever they do. */
  terminate(): void {
    this.#crew.terminate()
  }

  /** Waits for the end of all workers, after `close()` or `terminate()`. `false` when `timeout` milliseconds were not enough. */
  async join(options: WaitOptions = {}): Promise<boolean> {
    if (!this.#crew.isClosed) throw new UsageError('The pool is still open: call close() or terminate() before join().')
    try {
      await within(this.#crew.gone, options)
      return true
    } catch (error) {
      if (error instanceof TimedOut) return false
      throw error
    }
  }

  /** As `terminate()`; `await using` waits for the end besides. */
  [Symbol.dispose](): void {
    this.#crew.dispose()
  }

  /** As Python's `with`: terminates the pool, and waits for its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#crew.dispose()
    await this.join()
  }

  async #map(name: 'map' | 'starmap', target: Target, source: AnyIterable<unknown>, { chunksize, progress, signal, timeout }: MapOptions): Promise<unknown[]> {
    await using run = this.#open(name, target, { signal, timeout }, { spread: name === 'starmap', watched: progress !== false }).begin()
    const items = await within(collect(source), { signal: run.signal })
    if (name === 'starmap') checkArguments(items)
    const chunks = cut(items, chunksize === undefined ? chunkSize(items.length, this.size) : positive('chunksize', chunksize))
    return await collected(run, chunks, { label: name, total: items.length, progress })
  }

  #stream<T>(name: string, target: Target, items: AnyIterable<T>, options: MapOptions & { readonly ordered: boolean }): AsyncGenerator<unknown> {
    const { chunksize = 1, progress = false, signal, timeout, ordered } = options
    const chunks = chunksOf(items, positive('chunksize', chunksize))
    // Captured now, not when the first result is asked for.
    const run = this.#open(name, target, { signal, timeout }, { spread: false, watched: progress })
    return streamed(run, chunks, { label: name, total: lengthOf(items), progress, ordered, limit: 2 * this.size })
  }

  #open(name: string, target: Target, options: RunOptions, work: WorkOptions): Run {
    if (typeof target !== 'function') throw new UsageError(`${name} needs a function, as in pool.${name}(work, …).`)
    return new Run(this.#crew, captureWork(target, this.kind, work), options)
  }
}

type Target = (...args: never[]) => unknown

/** A pool that nobody can reach any more ends as if it had been closed. */
const forgotten = new FinalizationRegistry<Crew>(crew => crew.close())

function optionsOf<Initial extends Arguments>(options: PoolOptions<Initial> | number): PoolOptions<Initial> {
  if (typeof options === 'number') return { size: options }
  if (typeof options === 'object' && options !== null) return options
  throw new UsageError(`A Pool is told how many workers it has, or { size, kind, … }, not ${String(options)}.`)
}

function check<Initial extends Arguments>(options: PoolOptions<Initial>): CrewOptions {
  const { kind = 'process', initializer, initargs = [], maxTasksPerChild = Infinity, maxMemory } = options
  if (kind !== 'process' && kind !== 'thread') throw new UsageError(`A Pool is of kind 'process' or 'thread', not ${String(kind)}.`)
  if (initializer !== undefined && typeof initializer !== 'function') throw new UsageError('initializer of a Pool is a function, which is called with initargs.')
  if (!Array.isArray(initargs)) throw new UsageError('initargs of a Pool is an array of what the initializer is called with.')
  if (maxTasksPerChild !== Infinity) positive('maxTasksPerChild', maxTasksPerChild)
  const elsewhere = placeOf(kind, options)
  const size = positive('size', options.size ?? (elsewhere ? Math.max(1, elsewhere.cluster.places) : availableParallelism()))
  return { kind, size, maxTasksPerChild, maxMemory, elsewhere, prepare: captureInitializer(initializer, initargs, kind) }
}

function placeOf(kind: WorkerKind, { cluster, tags }: Pick<PoolOptions, 'cluster' | 'tags'>): Elsewhere | undefined {
  checkClusterOptions({ ...(cluster ? { cluster } : {}), ...(tags ? { tags } : {}) })
  if (cluster && kind !== 'process') throw new UsageError("A Pool of a cluster is of kind 'process'.")
  return cluster && { cluster, tags: tags ?? [] }
}

function checkArguments(items: readonly unknown[]): void {
  const wrong = items.findIndex(item => !Array.isArray(item))
  if (wrong >= 0) throw new UsageError(`starmap needs an array of arguments for each call: item ${wrong} is none. For single values there is map.`)
}

function positive(name: string, value: number): number {
  if (Number.isInteger(value) && value > 0) return value
  throw new UsageError(`${name} of a Pool is a whole number from 1 on, not ${String(value)}.`)
}
