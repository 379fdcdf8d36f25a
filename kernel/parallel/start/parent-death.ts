import { entryFile } from '../../entry-file.ts'

/**
 * Has this process killed when its parent goes away, whatever its main thread is busy with by then.
 *
 * @param isGuarded the system watches the parent already
 */
export async function endWithParent(parent: number, isGuarded: boolean): Promise<void> {
  if (isGuarded) return endIfOrphaned(parent)
  const { Worker } = await import('node:worker_threads')
  new Worker(entryFile('parallel/start/lifeline-entry')).unref()
}

// The parent may have ended before the system watched it.
function endIfOrphaned(parent: number): void {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}
