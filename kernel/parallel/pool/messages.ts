/** What a pool and its workers say to each other. Types only. */
import type { Owner } from '../../session/protocol.ts'
import type { CellSource, Item, RemoteErrorData } from '../protocol.ts'

export type Arguments = readonly unknown[]
export type Cells = Readonly<Record<string, CellSource>>

/** pool → worker */
export type ToMember =
  /** Comes first: the initializer, where there is one. */
  | { readonly type: 'prepare'; readonly target?: (...args: unknown[]) => unknown; readonly args: Arguments; readonly owner: Owner; readonly cells: Cells }
  /** The function of the tasks that follow. */
  | { readonly type: 'work'; readonly target: (...args: unknown[]) => unknown; readonly owner: Owner; readonly cells: Cells; /** Whether an item is an array of arguments. */ readonly spread: boolean; /** Whether somebody looks at the progress. */ readonly watched: boolean }
  /** A task: what to call the function with, one after the other. */
  | { readonly type: 'task'; readonly items: readonly unknown[] }

/** Why a task has failed, and with which of its items. */
export interface Failure {
  readonly error: RemoteErrorData
  readonly item: number | undefined
}

/** worker → pool */
export type FromMember =
  /** It has come up, and its initializer has returned. */
  | { readonly type: 'ready'; readonly member: string }
  | { readonly type: 'started'; readonly member: string }
  /** So many calls of the task have returned. */
  | { readonly type: 'progress'; readonly member: string; readonly count: number }
  /** What the calls of the task returned, up to the one that failed. */
  | { readonly type: 'done'; readonly member: string; readonly values: Item; readonly failure?: Failure }
  /** It can't take tasks: its initializer has failed, or something that the function uses is not there. */
  | { readonly type: 'unfit'; readonly member: string; readonly error: RemoteErrorData }
  /** Said by the pool itself, behind everything that the worker has said. */
  | { readonly type: 'ended'; readonly member: string }

/** A message of a worker as an item of a queue: of it, only what the calls returned had to be captured. */
export function itemOfMessage(message: FromMember): Item {
  if (message.type !== 'done') return { plain: undefined, note: message }
  const { values, ...note } = message
  return { ...values, note, preview: message.failure ? 'failed' : 'done' }
}

export function messageOfItem(item: Item): FromMember {
  const note = item.note as FromMember
  return note.type === 'done' ? { ...note, values: item } : note
}
