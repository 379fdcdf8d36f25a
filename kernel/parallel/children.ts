import { children } from './client/children.ts'
import type { WorkerHandle } from './client/worker-handle.ts'

/**
 * The processes and threads that were started here and have not ended, the oldest first: those of a Pool and of cells in
 * the background included.
 *
 * @example
 * for (const child of activeChildren()) child.terminate()
 */
export function activeChildren(): WorkerHandle[] {
  return [...children()] as WorkerHandle[]
}
