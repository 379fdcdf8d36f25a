import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'

const NAME = 'PARACELL_TEST_MARK'

/** What a kernel gets into its environment, so that all processes below it can be found. */
export function markOf(mark: string): Record<string, string> {
  return { [NAME]: mark }
}

/** The processes that carry a mark and still run. */
export function processesWith(mark: string): number[] {
  return readdirSync('/proc').filter(name => /^\d+$/.test(name)).map(Number).filter(pid => carries(pid, mark))
}

/** Resolves when no process carries the mark any more: there is no signal for the end of somebody else's child. */
export async function allGone(mark: string): Promise<void> {
  while (processesWith(mark).length > 0) await pause(10)
}

/** Resolves when a process has ended. */
export async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await pause(10)
}

function carries(pid: number, mark: string): boolean {
  return isAlive(pid) && read(`/proc/${pid}/environ`).includes(`${NAME}=${mark}`)
}

/** A zombie has ended: only its parent has not asked yet how. */
export function isAlive(pid: number): boolean {
  const state = /\) (\S)/.exec(read(`/proc/${pid}/stat`))?.[1]
  return state !== undefined && state !== 'Z' && state !== 'X'
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1')
  } catch {
    return ''
  }
}
