import type { MimeBundle } from '../../session/protocol.ts'
import type { WorkerKind } from '../protocol.ts'
import { clock, duration, escape } from './picture.ts'

/** How a worker is doing. */
export interface WorkerReport {
  readonly name: string
  readonly kind: WorkerKind
  /** Undefined for threads, which have their session's. */
  readonly pid: number | undefined
  /** The number of the cell that started it, where it has one. */
  readonly cell: number | undefined
  /** When it was started, in milliseconds since 1970. */
  readonly since: number | undefined
  /** `waits` is what is to start later; else an exit code or the name of a signal. */
  readonly state: 'starting' | 'running' | 'waits' | (string & {})
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

type Column = readonly [title: string, cell: (report: WorkerReport) => string]

const left = 3
const columns: readonly Column[] = [
  ['name', ({ name }) => name],
  ['kind', ({ kind }) => kind],
  ['state', ({ state }) => state],
  ['cell', ({ cell }) => (cell === undefined ? '' : `[${cell}]`)],
  ['pid', ({ pid }) => (pid === undefined ? '' : String(pid))],
  ['since', ({ since }) => (since === undefined ? '' : clock(new Date(since)))],
  ['CPU time', ({ usage }) => (usage ? duration(usage.cpuTime) : '')],
  ['CPU', ({ usage }) => (usage ? `${usage.cpu.toFixed(0)} %` : '')],
  ['memory', ({ usage }) => (usage ? `${(usage.memory / 2 ** 20).toFixed(0)} MB` : '')]
]

/** What runs, as a table. */
export function table(reports: readonly WorkerReport[]): MimeBundle {
  if (reports.length === 0) return { 'text/plain': 'Nothing runs.', 'text/html': '<div>Nothing runs.</div>' }
  const rows = [columns.map(([title]) => title), ...reports.map(report => columns.map(([, cell]) => cell(report)))]
  return { 'text/plain': toText(rows), 'text/html': toHtml(rows) }
}

function toText(rows: readonly (readonly string[])[]): string {
  const widths = columns.map((_, column) => Math.max(...rows.map(row => (row[column] as string).length)))
  const line = (row: readonly string[]) => row.map((cell, column) => (column < left ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number))).join('  ')
  return rows.map(row => line(row).trimEnd()).join('\n')
}

function toHtml([head, ...rows]: readonly (readonly string[])[]): string {
  const cells = (tag: string, row: readonly string[]) =>
    row.map((cell, column) => `<${tag} style="text-align: ${column < left ? 'left' : 'right'}">${escape(cell)}</${tag}>`).join('')
  const body = rows.map(row => `<tr>${cells('td', row)}</tr>`).join('')
  return `<table><thead><tr>${cells('th', head as readonly string[])}</tr></thead><tbody>${body}</tbody></table>`
}
