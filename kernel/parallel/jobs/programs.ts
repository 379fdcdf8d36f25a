import { readdirSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { entryFile } from '../../entry-file.ts'
import { commandLine } from '../programs/command-line.ts'
import { descendants, signalAll } from '../programs/descendants.ts'
import { TITLE } from '../start/fork-protocol.ts'

/** How long one may take to end when it is asked to, and how often it is looked whether it has, in milliseconds. */
const PATIENCE = 1000
const LOOK = 20

/** A program of the system that a cell or a worker has started and that still runs. */
export interface RunningProgram {
  readonly pid: number
  /** Of who started it. */
  readonly parent: number
  /** The command, shortened. */
  readonly name: string
  /** The program alone. */
  readonly file: string
}

/** Those that processes have started; none where the system doesn't tell. The kernel's own are left out. */
export function programsOf(parents: readonly number[], own: ReadonlySet<number>): RunningProgram[] {
  return parents.flatMap(parent => childrenOf(parent).filter(pid => !own.has(pid)).flatMap(pid => described(pid, parent)))
}

/** Ends one with all that it has started: politely, and then not. Resolves when it has ended. */
export async function endProgram(pid: number): Promise<void> {
  const all = [pid, ...descendants(pid)]
  signalAll(all, 'SIGTERM')
  // Nobody is told of the end of a process that somebody else has started.
  for (let waited = 0; waited < PATIENCE && commandOf(pid); waited += LOOK) await pause(LOOK)
  signalAll(all, 'SIGKILL')
  while (commandOf(pid)) await pause(LOOK)
}

/** By all of its threads. */
function childrenOf(pid: number): number[] {
  const threads = attempt(() => readdirSync(`/proc/${pid}/task`)) ?? []
  const lists = threads.map(thread => attempt(() => readFileSync(`/proc/${pid}/task/${thread}/children`, 'latin1')) ?? '')
  return lists.flatMap(list => list.split(' ').filter(Boolean).map(Number))
}

function described(pid: number, parent: number): RunningProgram[] {
  const words = commandOf(pid)
  if (!words || words.join(' ').startsWith(TITLE) || starters.some(file => words.includes(file))) return []
  const [file = '', ...args] = words
  return [{ pid, parent, name: commandLine([basename(file), ...args]), file: basename(file) }]
}

/** What keeps processes ready for the notebook. */
const starters = ['parallel/start/fork-server-entry', 'parallel/start/spawn-entry'].map(entry => fileURLToPath(entryFile(entry)))

/** Undefined for one that has ended. */
function commandOf(pid: number): string[] | undefined {
  const words = attempt(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'))?.split('\0').filter(Boolean)
  return words?.length ? words : undefined
}

function attempt<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
