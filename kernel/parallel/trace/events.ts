/** What a trace tells. Types only. Times are milliseconds since it began: below zero for what was under way then. */

export type ThingKind = 'Queue' | 'Pipe' | 'Pool' | 'Lock' | 'RLock' | 'Semaphore' | 'Event' | 'Condition' | 'Barrier' | 'Value'

/** Who took part: the notebook itself, a thread or a process. */
export interface TraceWorker {
  readonly name: string
  readonly kind: 'main' | 'thread' | 'process'
  /** Where it is another one. */
  readonly machine?: string
  /** The operating system's number of the process that it ran in; unknown when it could not start. */
  readonly pid?: number
  /** When its target could begin to run. */
  readonly ran?: number
  /** Missing when it outlived the trace. */
  readonly ended?: number
}

/** What somebody waited to do: `get` an item, `acquire` a lock, `join` a worker or a queue, and so on. */
export type WaitAction = 'get' | 'put' | 'acquire' | 'wait' | 'join'
/** `given up` after a timeout or by a signal, `closed` and `broken` as the queue or the barrier was, `ended` as who waited has. */
export type WaitOutcome = 'done' | 'given up' | 'closed' | 'broken' | 'interrupted' | 'failed' | 'ended'

export interface StartEvent {
  readonly type: 'start'
  readonly at: number
  readonly worker: string
  readonly by: string
}

export interface EndEvent {
  readonly type: 'end'
  readonly at: number
  readonly worker: string
  /** Missing when it could not start. */
  readonly exitCode?: number
  readonly signal?: string
  readonly error?: string
}

/** An item that was put, and by whom it was got: nobody yet, where `received` is missing. */
export interface MessageEvent {
  readonly type: 'message'
  readonly at: number
  readonly from: string
  readonly through: string
  /** The item, shortened. */
  readonly item: string
  /** Its size, where that is known. */
  readonly bytes?: number
  readonly received?: number
  readonly to?: string
}

/** Without `until` it had not ended when the trace did. */
export interface WaitEvent {
  readonly type: 'wait'
  readonly at: number
  readonly until?: number
  readonly who: string
  readonly action: WaitAction
  readonly on: string
  readonly outcome?: WaitOutcome
}

/** Somebody had a lock. */
export interface HoldEvent {
  readonly type: 'hold'
  readonly at: number
  readonly until?: number
  readonly who: string
  readonly on: string
}

/** Somebody did something that others wait for: `set`, `notify`, `release`, `close`, `SIGTERM`; or used a Value: `get`, `set`, `add`. */
export interface SignalEvent {
  readonly type: 'signal'
  readonly at: number
  readonly who: string
  readonly action: string
  readonly on: string
  /** What the Value was then. */
  readonly value?: string
}

/** Somebody ran a program of the system, by `run`, `spawn`, `call` or Node's own functions. Without `until` it still runs. */
export interface ProgramEvent {
  readonly type: 'program'
  readonly at: number
  readonly until?: number
  readonly who: string
  /** The command, shortened. */
  readonly command: string
  readonly pid?: number
  readonly exitCode?: number
  readonly signal?: string
}

/** Workers are named as `workers` names them, and `on` and `through` say which lock, queue and so on. */
export type TraceEvent = StartEvent | EndEvent | MessageEvent | WaitEvent | HoldEvent | SignalEvent | ProgramEvent

/** What the hub has noted: workers and things go by their ids there. */
export interface Recording {
  /** How long the trace took, in milliseconds. */
  readonly duration: number
  readonly workers: ReadonlyMap<string, TraceWorker>
  readonly things: ReadonlyMap<string, ThingKind>
  readonly events: readonly TraceEvent[]
}
