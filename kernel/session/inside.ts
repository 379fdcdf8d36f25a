import type { MessagePort } from 'node:worker_threads'
import type { SinkMemory } from '../output/sink.ts'
import type { CellRequest, CommMessage, Question } from './protocol.ts'

/** What the supervisor thread gets when the session's main thread starts it. Types only, but for the numbers. */
export interface SupervisorData {
  readonly sink: SinkMemory
  /** See `Word`. */
  readonly words: SharedArrayBuffer
  /** Answers of the user to input requests. */
  readonly input: MessagePort
  /** The main thread's link to the hub of workers. */
  readonly link: MessagePort
}

/** Words that main thread and supervisor share. */
export const Word = {
  /** Counts up as the main thread takes interrupts from its event loop. */
  interruptsTaken: 0,
  /** Counts up with each answer on the input port. */
  inputs: 1
} as const
export const WORDS = 2

/** supervisor → main thread */
export type Order =
  | { readonly type: 'execute'; readonly request: CellRequest }
  | { readonly type: 'ask'; readonly id: number; readonly question: Question }
  | { readonly type: 'comm'; readonly parent: string; readonly comm: CommMessage }
  | { readonly type: 'interrupt' }

/** An answer on the input port. */
export interface InputAnswer {
  readonly id: number
  readonly value: string
}

/** What threads of the session call themselves towards the sink's lock. Worker threads count up from `firstWorker`. */
export const ThreadNumber = { main: 1, supervisor: 2, firstWorker: 3 } as const
