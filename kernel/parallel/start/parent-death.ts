import { Worker } from 'node:worker_threads'
import { entryFile } from './entry-file.ts'

/** Has this process killed when its parent goes away, whatever its main thread is busy with by then. */
export async function endWithParent(parent: number): Promise<void> {
  const libc = process.platform === 'linux' ? await import('./libc.ts').catch(() => undefined) : undefined
  if (!libc) return watchLifeline()
  libc.signalAtParentsDeath(libc.SIGKILL)
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
}

// A thread of its own sees the parent's end of the connection close.
function watchLifeline(): void {
  new Worker(entryFile('lifeline-entry')).unref()
}
