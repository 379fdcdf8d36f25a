import { readFileSync } from 'node:fs'
import { descendants, signalAll } from '../programs/descendants.ts'

/** In the environment of a forked process and of the programs that it runs: which process that is. */
const MARK = 'PARACELL_PROCESS'

/** Marks this process, so that its programs are known as its own when it is gone. */
export function markPrograms(): void {
  process.env[MARK] = String(process.pid)
}

/**
 * Ends the programs of a process that was killed. This process has adopted them. Spared are those that have made
 * themselves independent, by a process group of their own.
 */
export function endProgramsOf(killed: number): void {
  const orphans = childrenOf(process.pid).filter(pid => read(`/proc/${pid}/environ`).split('\0').includes(`${MARK}=${killed}`))
  const lost = orphans.filter(pid => groupOf(pid) === groupOf(process.pid))
  signalAll(lost.flatMap(pid => [pid, ...descendants(pid)]), 'SIGKILL')
}

function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
}

/** Of processes that a signal of a terminal reaches together. */
export function groupOf(pid: number): string | undefined {
  // The name before may have anything in it.
  return read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[2]
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
