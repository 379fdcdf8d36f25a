import { threadId } from 'node:worker_threads'
import { WorkerHandle, type CellWorkerOptions, type WorkerOptions } from './client/worker-handle.ts'
import { realm } from './client/realm.ts'

let count = 0

/**
 * Runs a function in a thread of the session. The notebook's top-level variables are shared: reading and writing one
 * there reaches the notebook's own, objects by reference. Arguments and results are copied. A thread that a process
 * starts is a thread of that process, and shares the variables that the process has. Modules are imported anew.
 *
 * Each look at the notebook's variables waits for the session to answer, about 50 microseconds; while a cell computes
 * without awaiting anything, until it does. What doesn't wait: locals, constants, functions, queues and locks, typed
 * arrays over a SharedArrayBuffer, and what `snapshot` has copied.
 *
 * @throws {UsageError} from `start()`, when something that the target uses can't travel: it says what, and what to do
 * @example
 * let counter = 0
 * const thread = new Thread({ target: (times: number) => { for (let i = 0; i < times; i++) counter++ }, args: [10] })
 * thread.start()
 * await thread.join()
 * counter // 10
 */
export class Thread<Arguments extends readonly unknown[] = readonly unknown[]> extends WorkerHandle<Arguments> {
  constructor(options?: WorkerOptions<Arguments>, cell?: CellWorkerOptions) {
    super('thread', `Thread-${++count}`, options, cell)
  }
}

/**
 * The thread that asks: `MainThread` in the session's main thread and in each process.
 *
 * @example currentThread().name // 'MainThread'
 */
export function currentThread(): { readonly name: string; readonly id: number } {
  return { name: realm().threadName, id: threadId }
}
