import { children } from './client/children.ts'
import type { WorkerHandle } from './client/worker-handle.ts'

/**
 * The processes and threads that were started here and have not ended, the oldest first: those of a Pool and of cells in
 * the background included.
 *
 * @example
 * new Thread({ target: () => sleep(100), name: 'sleeper' }).start()
 * for (const child of activeChildren()) console.log(child.name) // sleeper, and whoever else
 */
export function activeChildren(): WorkerHandle[] {
  return [...children()] as WorkerHandle[]
}
