import fs from 'node:fs'

/** The child programs that a process's main thread has started, and theirs; empty where the system doesn't tell. */
export function descendants(pid: number): number[] {
  try {
    const list = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter(Boolean).map(Number)
    return list.flatMap(child => [child, ...descendants(child)])
  } catch {
    return []
  }
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
