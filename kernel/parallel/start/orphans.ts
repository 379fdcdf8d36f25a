import { readdirSync, readFileSync } from 'node:fs'
import { descendants, signalAll } from '../programs/descendants.ts'

/** In the environment of a worker process and of the programs that it runs: which process that is. */
const MARK = 'PARACELL_PROCESS'

/** Marks this process, so that its programs are known as its own when it is gone. */
export function markPrograms(): void {
  process.env[MARK] = String(process.pid)
}

/**
 * Ends the programs of a process that was killed. Spared are those that have made themselves independent, by a process
 * group of their own.
 *
 * @param among where they are looked for: this process has adopted them, or somebody else has
 */
export function endProgramsOf(killed: number, among: 'children' | 'all'): void {
  const orphans = (among === 'children' ? childrenOf(process.pid) : allProcesses()).filter(pid => read(`/proc/${pid}/environ`).split('\0').includes(`${MARK}=${killed}`))
  const lost = orphans.filter(pid => groupOf(pid) === groupOf(process.pid))
  signalAll(lost.flatMap(pid => [pid, ...descendants(pid)]), 'SIGKILL')
}

function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
}

/** None where the system doesn't tell. */
function allProcesses(): number[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc').map(Number).filter(Number.isInteger)
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
