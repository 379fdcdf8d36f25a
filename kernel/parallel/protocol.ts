/** What the realms (session, threads, processes) and the hub say to each other. Types only. */
import type { MessagePort } from 'node:worker_threads'
import type { TransformOptions } from '../language/transform.ts'
import type { Owner } from '../session/protocol.ts'
import type { VariableEnd } from './share/channel.ts'
import type { Parcel } from './capture/parcel.ts'
import type { Exit } from './start/starter.ts'

/** What it takes to find a cell's lines again: the transformation is repeated where an error asks for them. */
export interface CellSource {
  readonly source: string
  readonly options: TransformOptions
}

export type WorkerKind = 'process' | 'thread'

/** Everything that a worker needs to run its target. */
export interface WorkerSpec {
  readonly kind: WorkerKind
  readonly name: string
  /** `{target, args, kwargs}`: a function and what it is called with. */
  readonly parcel: Parcel
  readonly owner: Owner
  /** The cells that the target's code comes from, by file, so that errors name their lines. */
  readonly cells: Readonly<Record<string, CellSource>>
  /** Which of how many, in a `%%thread` or `%%process` cell. */
  /** A whole cell: a value of its end that can't travel is shown where it is. */
  readonly isCell: boolean
  readonly rank: number
  readonly size: number
  readonly cwd: string
}

/** A value on its way: as it is, where any transport carries it exactly; else captured. */
export type Item = { readonly plain: string | number | bigint | boolean | null | undefined } | { readonly parcel: Parcel }

/** Requests that are answered by a `reply` or a `failed` with the same number. */
export type Ask =
  | { readonly type: 'start'; readonly worker: string; readonly spec: WorkerSpec }
  | { readonly type: 'get'; readonly queue: string; readonly wait: boolean }
  | { readonly type: 'put'; readonly queue: string; readonly item: Item; readonly wait: boolean }
  | { readonly type: 'size'; readonly queue: string }
  | { readonly type: 'acquire'; readonly lock: string; readonly wait: boolean }
  | { readonly type: 'release'; readonly lock: string }

export type ToHub =
  | { readonly type: 'ask'; readonly request: number; readonly ask: Ask }
  /** Whoever waits with this number waits no more. */
  | { readonly type: 'cancel'; readonly request: number }
  | { readonly type: 'open'; readonly queue: string; readonly maxsize: number }
  | { readonly type: 'close'; readonly queue: string }
  /** Workers will be needed soon. */
  | { readonly type: 'warm' }
  | { readonly type: 'kill'; readonly worker: string; readonly signal: NodeJS.Signals }
  /** A worker's target has returned or thrown. */
  | { readonly type: 'finished'; readonly outcome: Outcome; /** Whether nothing is left behind in the thread, so that it may run another target. */ readonly clean: boolean }

/** How a target ended. */
export type Outcome =
  | { readonly status: 'returned'; readonly value: Item }
  | { readonly status: 'threw'; readonly error: RemoteErrorData }

export interface RemoteErrorData {
  readonly name: string
  readonly message: string
  readonly stack: string
}

/** How a worker ended: its exit and, where its target ended before, how. */
export interface Ending extends Exit {
  readonly outcome?: Outcome
}

export type FromHub =
  | { readonly type: 'reply'; readonly request: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly request: number; readonly error: RemoteErrorData }
  | { readonly type: 'ended'; readonly worker: string; readonly ending: Ending }
  /** To the session's main thread: a thread wants to reach the notebook's variables. */
  | { readonly type: 'serve'; readonly end: VariableEnd }
  /** To a worker: what to run. */
  | { readonly type: 'run'; readonly spec: WorkerSpec; readonly variables?: VariableEnd }

/** Carries messages both ways, in order. */
export interface Link<Out, In> {
  post(message: Out, transfer?: readonly MessagePort[]): void
  /** One listener; called from the event loop. */
  listen(listener: (message: In) => void): void
  /** Whether the link keeps its thread or process alive. */
  hold(alive: boolean): void
}
