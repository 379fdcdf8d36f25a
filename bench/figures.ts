import type { KernelName } from './kernels.ts'

export type Column = KernelName | 'plain Node' | 'piscina' | 'BullMQ'

/** A figure that must hold: `factor` times the best of some peers, or so much by itself. */
export interface Target {
  readonly says: string
  readonly limit: (values: Readonly<Partial<Record<Column, number>>>) => number
}

export interface Figure {
  readonly title: string
  readonly unit: string
  readonly better: 'less' | 'more'
  readonly target?: Target
  /** Where it is about many different things: not the best of them. */
  readonly counts?: 'median'
}

const PEERS: readonly Column[] = ['ipykernel', 'deno', 'tslab']

const timesFastest = (factor: number): Target => ({ says: `≤ ${factor}x the fastest peer`, limit: values => factor * best(values, PEERS) })
const timesOf = (factor: number, column: Column, sign: '≤' | '≥' = '≤'): Target =>
  ({ says: `${sign} ${factor}x ${column}`, limit: values => factor * (values[column] ?? Number.NaN) })
const atMost = (limit: number, unit: string): Target => ({ says: `≤ ${limit} ${unit}`, limit: () => limit })

const firstHelp: Target = { says: '≤ 250 ms and tslab', limit: ({ tslab = 250 }) => Math.min(250, tslab) }

/** What is measured, in the order of the table. */
export const FIGURES = {
  info: { title: 'start to kernel_info_reply', unit: 'ms', better: 'less', target: timesFastest(0.7) },
  first: { title: "start to the first cell's result", unit: 'ms', better: 'less', target: timesFastest(0.7) },
  reply: { title: 'cell `1+1`, request to reply', unit: 'ms', better: 'less' },
  idle: { title: 'cell `1+1`, request to idle', unit: 'ms', better: 'less', target: timesFastest(0.9) },
  small: { title: 'a small typed function, request to idle', unit: 'ms', better: 'less', target: timesFastest(0.9) },
  line: { title: 'first line of output', unit: 'ms', better: 'less', target: timesFastest(0.7) },
  memory: { title: 'idle memory (PSS, all processes)', unit: 'MB', better: 'less', target: atMost(110, 'MB') },
  speed: { title: '20 MB of stdout in 200,000 lines', unit: 'MB/s', better: 'more', target: timesOf(4, 'ipykernel', '≥') },
  lost: { title: '… lost', unit: 'bytes', better: 'less', target: atMost(0, 'bytes') },
  messages: { title: '… messages', unit: '', better: 'less', target: atMost(999, '') },
  growth: { title: '… memory after it, more by', unit: 'MB', better: 'less', target: atMost(30, 'MB') },
  slowLost: { title: '… lost with a slow reader', unit: 'bytes', better: 'less', target: atMost(0, 'bytes') },
  slowMessages: { title: '… messages with a slow reader', unit: '', better: 'less', target: atMost(999, '') },
  process: { title: '`Process` start + join (Python: spawn; Node: fork of a module)', unit: 'ms', better: 'less', target: timesOf(1, 'ipykernel') },
  fork: { title: '… Python by fork', unit: 'ms', better: 'less' },
  forkOne: { title: '`Process` start + join, one by one (Python by fork; Node: fork of a module)', unit: 'ms', better: 'less', target: timesOf(0.8, 'ipykernel') },
  forkFifty: { title: '… 50 at once', unit: 'ms', better: 'less', target: timesOf(3, 'ipykernel') },
  spawnOne: { title: '… start method `spawn`', unit: 'ms', better: 'less', target: timesOf(1, 'ipykernel') },
  threadOne: { title: '`Thread` start + join, one by one', unit: 'ms', better: 'less', target: atMost(0.5, 'ms') },
  queueProcess: { title: '`Queue` from process to session, 20,000 numbers', unit: '/s', better: 'more', target: timesOf(1.5, 'ipykernel', '≥') },
  queueLatency: { title: '… one way', unit: 'ms', better: 'less', target: atMost(0.05, 'ms') },
  queueBytes: { title: '… 64 MB in 1 MB buffers', unit: 'MB/s', better: 'more', target: timesOf(2, 'ipykernel', '≥') },
  queueThread: { title: '`Queue` from thread to session, 20,000 numbers', unit: '/s', better: 'more', target: { says: '≥ 1.5x ipykernel and ≥ 1,000,000', limit: ({ ipykernel = 0 }) => Math.max(1e6, 1.5 * ipykernel) } },
  sharedAccess: { title: "a thread's access to a variable (Node: Atomics round trip)", unit: 'ms', better: 'less', target: timesOf(1.3, 'plain Node') },
  locals: { title: "a thread's loop over locals, to the session's", unit: 'x', better: 'less', target: atMost(1.02, 'x') },
  poolTime: { title: '`Pool.map` over 48 items on all cores', unit: 'ms', better: 'less' },
  poolIdeal: { title: '… of what the cores could do, by one worker', unit: 'of 1', better: 'more', target: { says: '≥ 0.95', limit: () => 0.95 } },
  memoryProcess: { title: 'one more idle process (PSS)', unit: 'MB', better: 'less', target: atMost(8, 'MB') },
  memoryThread: { title: 'one more idle thread (PSS)', unit: 'MB', better: 'less', target: atMost(10, 'MB') },
  completeFirst: { title: 'first completion after 50 cells', unit: 'ms', better: 'less', target: firstHelp },
  inspectFirst: { title: 'first help about a function after 50 cells', unit: 'ms', better: 'less', target: firstHelp },
  callFirst: { title: '… about the argument of a call', unit: 'ms', better: 'less', target: atMost(250, 'ms') },
  globalFirst: { title: 'first help about what no cell declares, `console.log`', unit: 'ms', better: 'less', target: firstHelp },
  globalCallFirst: { title: '… about the argument of `JSON.stringify(`', unit: 'ms', better: 'less', target: firstHelp },
  complete: { title: 'the next completions', unit: 'ms', better: 'less', target: { says: '≤ 20 ms and tslab', limit: ({ tslab }) => Math.min(20, tslab ?? 20) } },
  inspect: { title: '… and help about a function', unit: 'ms', better: 'less', target: { says: '≤ 20 ms and tslab', limit: ({ tslab }) => Math.min(20, tslab ?? 20) } },
  warning: { title: "a cell's type errors, after its idle", unit: 'ms', better: 'less', target: atMost(50, 'ms') },
  server: { title: 'memory of the language server (PSS)', unit: 'MB', better: 'less', target: atMost(120, 'MB') },
  interrupt: { title: 'interrupt to idle, over all ways to hang', unit: 'ms', better: 'less', counts: 'median', target: atMost(50, 'ms') },
  restart: { title: 'a session that dies, to the end of the next cell', unit: 'ms', better: 'less', counts: 'median', target: atMost(300, 'ms') },
  imports: { title: 'a cell with five imports of packages already loaded', unit: 'ms', better: 'less', target: atMost(3, 'ms') },
  interact: { title: '`interact` with four controls, request to its first output', unit: 'ms', better: 'less', target: timesOf(0.7, 'ipykernel') },
  slider: { title: 'slider message to new output', unit: 'ms', better: 'less', target: { says: '≤ 5 ms and ≤ 0.7x ipykernel', limit: values => Math.min(5, 0.7 * (values.ipykernel ?? Number.POSITIVE_INFINITY)) } },
  burst: { title: '200 slider messages: end of the burst to the last output, in runs', unit: 'runs', better: 'less', counts: 'median', target: atMost(1.2, 'runs') },
  clusterJobs: { title: '10,000 small calls on four workers of a cluster, one by one (BullMQ: bare jobs)', unit: '/s', better: 'more', target: timesOf(0.8, 'BullMQ', '≥') },
  clusterMap: { title: '… in the chunks of `Pool.map`', unit: '/s', better: 'more' },
  clusterStart: { title: '`Process` of a cluster, start to its first output', unit: 'ms', better: 'less', target: atMost(25, 'ms') },
  clusterOutput: { title: '64 MB of stdout from a cluster', unit: 'MB/s', better: 'more', target: { says: '≥ 50 MB/s', limit: () => 50 } },
  clusterLost: { title: '… lost', unit: 'bytes', better: 'less', target: atMost(0, 'bytes') },
  thread: { title: '`Thread` start + join (Python: threading; Node: new Worker)', unit: 'ms', better: 'less', target: timesOf(0.2, 'plain Node') }
} as const satisfies Readonly<Record<string, Figure>>

export type FigureName = keyof typeof FIGURES

/** What one run of a measure found. */
export type Samples = Readonly<Partial<Record<FigureName, readonly number[]>>>

function best(values: Readonly<Partial<Record<Column, number>>>, columns: readonly Column[]): number {
  return Math.min(...columns.map(column => values[column]).filter(value => value !== undefined))
}
