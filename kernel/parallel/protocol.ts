/** What the realms (session, threads, processes) and the hub say to each other. Types only. */
import type { MessagePort } from 'node:worker_threads'
import type { TransformOptions } from '../language/transform.ts'
import type { Owner } from '../session/protocol.ts'
import type { VariableEnd } from './share/channel.ts'
import type { LaneReader, LaneWriter } from './lanes.ts'
import type { Parcel } from './capture/parcel.ts'
import type { SharedFile } from './shared-memory.ts'
import type { Spent } from './start/spent.ts'
import type { Exit } from './start/starter.ts'

/** What it takes to find a cell's lines again: the transformation is repeated where an error asks for them. */
export interface CellSource {
  readonly source: string
  readonly options: TransformOptions
}

export type WorkerKind = 'process' | 'thread'
export type StartMethod = 'forkserver' | 'spawn'

/** Everything that a worker needs to run its target. */
export interface WorkerSpec {
  readonly kind: WorkerKind
  readonly name: string
  /** `{target, args, kwargs}`: a function and what it is called with. */
  readonly parcel: Parcel
  readonly owner: Owner
  /** The cells that the target's code comes from, by file, so that errors name their lines. */
  readonly cells: Readonly<Record<string, CellSource>>
  /** A whole cell: a value of its end that can't travel is shown where it is. */
  readonly isCell: boolean
  /** After so many milliseconds it is ended. Default: never. */
  readonly timeout?: number
  /** Which of how many, in a `%%thread` or `%%process` cell. */
  readonly rank: number
  readonly size: number
  readonly cwd: string
  /** Where its modules are looked for. */
  readonly folder: string
  /** How it starts, if it is a process, and how those do that it starts. */
  readonly startMethod: StartMethod
  /** In MB. */
  readonly maxMemory?: number
  /** Where it runs on another machine: in which cluster, and what it asks for. */
  readonly cluster?: ClusterSpec
  /** The machine that runs it, where that is another one. */
  readonly machine?: string
  /** Whether somebody traces, so that it tells of what the hub doesn't see. */
  readonly traced?: boolean
}

/** What a job of a cluster asks for. */
export interface ClusterSpec {
  /** Which of those that the session is connected with. */
  readonly id: string
  readonly tags: readonly string[]
  readonly attempts: number
  readonly packages: readonly { readonly name: string; readonly version: string }[]
  readonly priority?: number
}

/** A value on its way: as it is, where any transport carries it exactly, also in a list; the bytes of a view; else captured. */
export type Item = (
  | { readonly plain: Plain }
  | { readonly list: readonly Plain[] }
  | { readonly view: ViewName; readonly bytes: Uint8Array }
  | { readonly parcel: Parcel; /** Where its functions come from, so that errors name the cells' lines. */ readonly cells?: Readonly<Record<string, CellSource>> }
) & {
  /** What a trace calls it. */
  readonly preview?: string
  /** Lower ones are taken first. Default: 0. */
  readonly priority?: number
  /** What it is about, where who takes it needs to know: plain data. */
  readonly note?: object
}
/** An item of a queue: the most frequent kind without a wrapping. */
export type QueueItem = Plain | Item
export type Plain = string | number | bigint | boolean | null | undefined
export type ViewName =
  | 'Uint8Array' | 'Uint8ClampedArray' | 'Uint16Array' | 'Uint32Array' | 'BigUint64Array' | 'Buffer'
  | 'Int8Array' | 'Int16Array' | 'Int32Array' | 'BigInt64Array' | 'Float32Array' | 'Float64Array'

/** Things that realms share, as their handles describe them: the hub makes them when they are first used. */
export interface QueueSpec {
  readonly id: string
  readonly maxsize: number
  /** Default: first in, first out. */
  readonly order?: 'lifo' | 'priority'
}
export interface LockSpec {
  readonly id: string
  readonly recursive: boolean
}
export interface SemaphoreSpec {
  readonly id: string
  readonly value: number
  readonly bounded: boolean
}
export interface BarrierSpec {
  readonly id: string
  readonly parties: number
  /** Whether one of the parties has something to do before all go on. */
  readonly action: boolean
}
export interface ValueSpec {
  readonly id: string
  readonly initial: number | bigint
}

/** Items of a queue. All but the first are lent. */
export interface Batch {
  readonly items: readonly QueueItem[]
}

/** What a realm would have of a queue at a time, and the word in its memory that counts what it takes of it. */
export interface Ahead {
  readonly number: number
  readonly most: number
}

export interface BarrierView {
  readonly waiting: number
  readonly broken: boolean
}

/** Who passes a barrier: which of how many, and whether it does the action now. */
export interface Passage {
  readonly index: number
  readonly act: boolean
}

/** Requests that are answered by a `reply` or a `failed` with the same number. */
export type Ask =
  | { readonly type: 'start'; readonly worker: string; readonly spec: WorkerSpec; /** In so many milliseconds. Default: at once. */ readonly after?: number }
  | { readonly type: 'report' }
  | { readonly type: 'connect'; readonly url: string; readonly keyFile?: string; readonly insecure: boolean }
  | { readonly type: 'local'; readonly machines: number; readonly concurrency: number }
  | { readonly type: 'machines'; readonly cluster: string }
  | { readonly type: 'disconnect'; readonly cluster: string }
  /** Answered when all is out that these workers had printed until now. */
  | { readonly type: 'settle'; readonly workers: readonly string[] }
  /** Workers of these names or pids. */
  | { readonly type: 'stop'; readonly names: readonly string[] | 'all' }
  /** Shows what runs as long as something does, every so many milliseconds. */
  | { readonly type: 'follow'; readonly display: string; readonly owner: Owner; readonly interval: number }
  /** Whether the hub can read small items from memory: shared with this thread, or of this path, shared with this process. */
  | { readonly type: 'ring'; readonly memory: SharedArrayBuffer | string }
  /** Whether the hub can have back what it lends, by memory as above. */
  | { readonly type: 'leases'; readonly memory: SharedArrayBuffer | string }
  /** Whether large bytes can go by lanes in memory of this path, which both processes have then. */
  | { readonly type: 'lanes'; readonly memory: string }
  /** Begins a trace and answers with its number, or ends the one of that number and answers with what happened. */
  | { readonly type: 'trace'; readonly ends?: number }
  | { readonly type: 'get'; readonly queue: QueueSpec; readonly wait: boolean; readonly ahead?: Ahead | undefined }
  | { readonly type: 'put'; readonly queue: QueueSpec; readonly item: QueueItem; readonly wait: boolean }
  | { readonly type: 'watch'; readonly queue: QueueSpec; readonly wait: boolean }
  | { readonly type: 'size'; readonly queue: QueueSpec }
  | { readonly type: 'taskDone'; readonly queue: QueueSpec }
  | { readonly type: 'join'; readonly queue: QueueSpec }
  | { readonly type: 'acquire'; readonly lock: LockSpec; readonly wait: boolean }
  | { readonly type: 'release'; readonly lock: LockSpec }
  | { readonly type: 'locked'; readonly lock: LockSpec }
  | { readonly type: 'permit'; readonly semaphore: SemaphoreSpec; readonly wait: boolean }
  | { readonly type: 'permits'; readonly semaphore: SemaphoreSpec; readonly count: number }
  | { readonly type: 'event'; readonly event: string; readonly action: 'set' | 'clear' | 'isSet' | 'wait' }
  | { readonly type: 'sleep'; readonly condition: string; readonly lock: LockSpec }
  | { readonly type: 'wake'; readonly condition: string; readonly lock: LockSpec; readonly count: number }
  | { readonly type: 'barrier'; readonly barrier: BarrierSpec; readonly action: 'wait' | 'acted' | 'reset' | 'break' | 'view' }
  | { readonly type: 'value'; readonly value: ValueSpec; readonly action: 'get' | 'set' | 'add'; readonly operand: number | bigint }

/** One end of a pipe. */
export interface PipeEnd {
  readonly pipe: string
  readonly side: 0 | 1
  /** What this side sends goes into the first one; it receives from the second one. */
  readonly queues: readonly [sent: QueueSpec, received: QueueSpec]
}

export type ToHub =
  /** A target begins to run: what came before is of another one, which has ended. */
  | { readonly type: 'begin'; /** CPU time that its thread had used before, in milliseconds. */ readonly cpuTime: number }
  | { readonly type: 'ask'; readonly request: number; readonly ask: Ask; /** The cell that asks. */ readonly cell: string }
  /** A thread wants to reach the notebook's variables by this line. */
  | { readonly type: 'serve'; readonly end: VariableEnd }
  /** A statement of the cell begins, in its order among them: who interrupts it wants to know. */
  | { readonly type: 'statement'; readonly number: number }
  /** Whoever waits with this number waits no more. */
  | { readonly type: 'cancel'; readonly request: number }
  /** An item for a queue that has room for everything: answered only when the queue is closed. */
  | { readonly type: 'item'; readonly queue: QueueSpec; readonly item: QueueItem }
  /** What a queue is called in the ring. */
  | { readonly type: 'number'; readonly queue: QueueSpec; readonly number: number }
  /** Something is in the ring again. */
  | { readonly type: 'rung' }
  /** The realm has taken all that it had ahead, and wants no more yet. */
  | { readonly type: 'used'; readonly queue: QueueSpec }
  | { readonly type: 'close'; readonly queue: QueueSpec }
  /** A realm has an end of a pipe, uses it, sends it away with a ticket (that who gets it hands in), or closes it. */
  | { readonly type: 'pipe'; readonly end: PipeEnd; readonly action: 'hold' | 'use' | 'send' | 'close'; readonly ticket?: string }
  /** The answer to a probe: nothing can go on here but by a message of the hub, such as of the end of these workers. */
  | { readonly type: 'idle'; readonly number: number; readonly joins: readonly string[] }
  /** A thread begins an `Atomics.wait` without end; the counter is odd as long as it is in one. */
  | { readonly type: 'blocks'; readonly counter: Int32Array }
  /** The notebook's variables that hold queues, locks and so on, by the ids of these. */
  | { readonly type: 'names'; readonly variables: Readonly<Record<string, string>> }
  /** While somebody traces: a realm has started a program, or one has ended. */
  | ({ readonly type: 'program' } & ProgramNews)
  /** While somebody traces: a realm begins to wait for a worker's end, or waits no more. */
  | { readonly type: 'joins'; readonly worker: string; readonly waits: boolean; readonly done: boolean }
  /** Workers will be needed soon. */
  | { readonly type: 'warm' }
  /** A cell begins, whose `execution_count` this is. */
  | { readonly type: 'cell'; readonly cell: string; readonly count: number }
  /** A worker that is to start later shall not. */
  | { readonly type: 'unschedule'; readonly worker: string }
  /** Ends the workers of a cell or run, and what it waits for. */
  | { readonly type: 'interrupt'; readonly cell: string }
  | { readonly type: 'kill'; readonly worker: string; readonly signal: NodeJS.Signals }
  /** A process tells of a thread that it hosts. */
  | { readonly type: 'thread'; readonly thread: number; readonly news: ThreadNews }
  /** A worker's target has returned or thrown. */
  | { readonly type: 'finished'; readonly outcome: Outcome; /** Whether nothing is left behind in the thread, so that it may run another target. */ readonly clean: boolean }

/** A program that a realm has started, by its number there: at its beginning the command, at its end how it ended. */
export interface ProgramNews {
  readonly program: number
  readonly command?: string
  readonly pid?: number
  readonly ended?: { readonly exitCode?: number; readonly signal?: string }
}

/** How a target ended. */
export type Outcome =
  | { readonly status: 'returned'; readonly value: Item }
  | { readonly status: 'threw'; readonly error: RemoteErrorData }

export interface RemoteErrorData {
  readonly name: string
  readonly message: string
  readonly stack: string
  /** An error that it names as its cause. */
  readonly cause?: RemoteErrorData
  /** What was thrown, as far as it could be captured. */
  readonly value?: Item
}

/** What a `start` is answered with: the pid, and when it was, in milliseconds since 1970. */
export interface Beginning {
  readonly pid: number
  /** Where it is another one. */
  readonly machine?: string
  readonly at: number
}

/** How a worker ended: its exit and, where its target ended before, how. */
export interface Ending extends Exit {
  readonly outcome?: Outcome
  /** When, in milliseconds since 1970: who hears of it may have been busy meanwhile. */
  readonly at?: number
}

/** Which statement of its cell a worker had begun last, counted from 1. */
export interface WorkerPlace {
  readonly worker: string
  readonly statement: number
}

export type FromHub =
  | { readonly type: 'reply'; readonly request: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly request: number; readonly error: RemoteErrorData }
  | { readonly type: 'ended'; readonly worker: string; readonly ending: Ending }
  /** It has begun again, on this or another machine. */
  | { readonly type: 'began'; readonly worker: string; readonly beginning: Beginning }
  /** Nothing can be put into the queue any more. */
  | { readonly type: 'closed'; readonly queue: string }
  /** Asks whether the realm does nothing but wait for messages of the hub. It answers only if that is so. */
  | { readonly type: 'probe'; readonly number: number }
  /** Asks the session's main thread which variables hold queues, locks and so on. */
  | { readonly type: 'names' }
  /** Whether somebody traces. */
  | { readonly type: 'traced'; readonly on: boolean }
  /** There is room again for large bytes: from one end of a link to the other. */
  | { readonly type: 'room' }
  /** To the session's main thread: a thread wants to reach the notebook's variables. */
  | { readonly type: 'serve'; readonly end: VariableEnd }
  /** To a worker: what to run. */
  | { readonly type: 'run'; readonly spec: WorkerSpec }
  /** To a process: what becomes of a thread that it hosts. */
  | { readonly type: 'thread'; readonly thread: number; readonly order: ThreadOrder }

/** About one of the threads that live in a worker process: they were started there, and reach the hub by its link. */
export type ThreadOrder =
  | { readonly type: 'run'; readonly spec: WorkerSpec }
  | { readonly type: 'hear'; readonly message: FromHub }
  | { readonly type: 'kill'; readonly signal: NodeJS.Signals }
  | { readonly type: 'measure' }

export type ThreadNews =
  | { readonly type: 'says'; readonly message: ToHub }
  | { readonly type: 'ended'; readonly ending: Ending }
  /** Undefined when it has just ended. */
  | { readonly type: 'spent'; readonly spent: Spent | undefined }

/** Carries messages both ways, in order. */
export interface Link<Out, In> {
  post(message: Out, transfer?: readonly (MessagePort | ArrayBuffer)[]): void
  /** Whether what is listed for transfer moves, and is not copied. */
  readonly moves: boolean
  /** Resolves when all that was posted has left; undefined when it has already. Missing where nothing is kept back. */
  drained?(): Promise<void> | undefined
  /** Sends what was kept back before the process ends. Missing where nothing is. */
  finish?(): void
  /** Memory that both sides can use. */
  share?(bytes: number): SharedArrayBuffer | SharedFile | undefined
  /** Lets large bytes come and go by memory from now on. Missing where nobody needs that. */
  useLanes?(lanes: { readonly incoming?: LaneReader; readonly outgoing?: LaneWriter }): void
  /** One listener; called from the event loop. */
  listen(listener: (message: In) => void): void
  /** Whether the link keeps its thread or process alive. */
  hold(alive: boolean): void
}
