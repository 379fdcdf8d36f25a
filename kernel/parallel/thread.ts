import { threadId } from 'node:worker_threads'
import { WorkerHandle, type CellWorkerOptions, type WorkerOptions } from './client/worker-handle.ts'
import { realm } from './client/realm.ts'

let count = 0

/**
 * Runs a function in a thread of the session. The notebook's top-level variables are shared: reading and writing one
 * there reaches the notebook's own, while the session's main thread is free to answer.
 *
 * @example
 * const thread = new Thread({ target: runLoop, name: 'LoopThread' })
 * thread.start()
 * await thread.join()
 */
export class Thread<Arguments extends readonly unknown[] = readonly unknown[]> extends WorkerHandle<Arguments> {
  constructor(options: WorkerOptions<Arguments>, cell?: CellWorkerOptions) {
    super('thread', `Thread-${++count}`, options, cell)
  }
}

/** The thread that asks: `MainThread` in the session's main thread and in each process. */
export function currentThread(): { readonly name: string; readonly id: number } {
  return { name: realm().threadName, id: threadId }
}
