import type { MessagePort } from 'node:worker_threads'
import type { OutputServer } from '../output/inherited.ts'
import type { SinkMemory } from '../output/sink.ts'
import type { WorkerPlace } from '../parallel/protocol.ts'
import type { Task } from './protocol.ts'

/** What the supervisor thread gets when the session's main thread starts it. */
export interface SupervisorData {
  readonly sink: SinkMemory
  readonly output: OutputServer
  /** See `Word`. */
  readonly words: SharedArrayBuffer
  /** The notebook's. */
  readonly folder: string
  /** Answers of the user to input requests. */
  readonly input: MessagePort
  /** Where orders for the main thread go. */
  readonly orders: MessagePort
  /** The main thread's link to the hub of workers. */
  readonly link: MessagePort
}

/** Words that main thread and supervisor share. */
export const Word = {
  /** The last interrupt that the main thread took from its event loop. */
  interruptTaken: 0,
  /** Counts up with each answer on the input port. */
  inputs: 1,
  /** The last interrupt after which the main thread's queues were seen to work. */
  healthyAfter: 2,
  /** 1 once the main thread takes orders: before, it must not be interrupted. */
  ready: 3,
  /** The number of the last cell that the main thread has begun. */
  cellsBegun: 4,
  /** How many messages of comms the main thread has taken, by lists. */
  commsTaken: 5,
  /** 1 while the main thread loads code of the kernel's own, which would never be whole if it were ended. */
  loading: 6,
  /** The last interrupt that anybody wanted. */
  interruptWanted: 7
} as const
export const WORDS = 8

/** supervisor → main thread */
export type Order =
  | Extract<Task, { type: 'execute' }>
  /** Told until it is taken, so that most of these say nothing new. */
  | { readonly type: 'interrupt'; readonly id: number; readonly cell: string; readonly places: readonly WorkerPlace[] }

/** An answer on the input port. */
export interface InputAnswer {
  readonly id: number
  readonly value: string
}
