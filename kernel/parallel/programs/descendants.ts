import fs from 'node:fs'

/** How long what is asked to end may take, in milliseconds. */
const PATIENCE = 1000

/** The child programs that a process's main thread has started, and theirs; empty where the system doesn't tell. */
export function descendants(pid: number): number[] {
  try {
    const list = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number)
    return list.flatMap(child => [child, ...descendants(child)])
  } catch {
    return []
  }
}

/** Asks all of them to end, and ends those that don't. */
export function endAll(pids: readonly number[], signal: NodeJS.Signals): void {
  if (pids.length === 0) return
  signalAll(pids, signal)
  setTimeout(() => signalAll(pids, 'SIGKILL'), PATIENCE)
}

/** Sends a signal to those of them that still run. */
export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It ended by itself meanwhile.
    }
  }
}
