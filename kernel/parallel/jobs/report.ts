import { type Column, toTable } from '../../display/table.ts'
import type { MimeBundle } from '../../session/protocol.ts'
import type { WorkerKind } from '../protocol.ts'
import { clock, duration } from './picture.ts'

/** How a worker is doing. */
export interface WorkerReport {
  readonly name: string
  readonly kind: WorkerKind | 'program'
  /** Undefined for threads, which have their session's. */
  readonly pid: number | undefined
  /** The number of the cell that started it, where it has one. */
  readonly cell: number | undefined
  /** When it was started, in milliseconds since 1970. */
  readonly since: number | undefined
  /** `waits` is what is to start later; else an exit code or the name of a signal. */
  readonly state: 'starting' | 'running' | 'in Atomics.wait' | 'waits' | (string & {})
  readonly usage: Usage | undefined
}

export interface Usage {
  /** On all cores together, in milliseconds. */
  readonly cpuTime: number
  /** Of one core, in percent: since the last report, or else since its start. */
  readonly cpu: number
  /** In bytes: what a process has of the machine's memory, or a thread has for its values. */
  readonly memory: number
}

const columns: readonly Column<WorkerReport>[] = [
  { title: 'name', text: ({ name }) => name },
  { title: 'kind', text: ({ kind }) => kind },
  { title: 'state', text: ({ state }) => state },
  { title: 'cell', isNumber: true, text: ({ cell }) => (cell === undefined ? '' : `[${cell}]`) },
  { title: 'pid', isNumber: true, text: ({ pid }) => (pid === undefined ? '' : String(pid)) },
  { title: 'since', isNumber: true, text: ({ since }) => (since === undefined ? '' : clock(new Date(since))) },
  { title: 'CPU time', isNumber: true, text: ({ usage }) => (usage ? duration(usage.cpuTime) : '') },
  { title: 'CPU', isNumber: true, text: ({ usage }) => (usage ? `${usage.cpu.toFixed(0)} %` : '') },
  { title: 'memory', isNumber: true, text: ({ usage }) => (usage ? `${(usage.memory / 2 ** 20).toFixed(0)} MB` : '') }
]

/** What runs, as a table. */
export function table(reports: readonly WorkerReport[]): MimeBundle {
  if (reports.length === 0) return { 'text/plain': 'Nothing runs.', 'text/html': '<div>Nothing runs.</div>' }
  return toTable(columns, reports)
}
