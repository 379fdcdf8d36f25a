import type { Ask, LockSpec, QueueSpec } from '../../protocol.ts'
import type { ThingKind, WaitAction } from '../../trace/events.ts'

export interface Thing {
  readonly id: string
  readonly kind: ThingKind
}

/** What a request is about, as a trace tells it. */
export interface Question {
  readonly on: Thing
  /** What it may have to wait for. */
  readonly waits?: WaitAction
  /** What others hear of when it is answered. */
  readonly signals?: string
  /** What is set by it; else what the answer says. */
  readonly value?: number | bigint
  /** Who is answered has this lock. */
  readonly locks?: LockSpec
  /** Who is answered has it no more. */
  readonly frees?: LockSpec
}

type Questions = { readonly [T in Ask['type']]?: (ask: Extract<Ask, { type: T }>) => Question | undefined }

const questions: Questions = {
  get: ({ queue }) => ({ on: queueThing(queue), waits: 'get' }),
  put: ({ queue }) => ({ on: queueThing(queue), waits: 'put' }),
  watch: ({ queue }) => ({ on: queueThing(queue), waits: 'wait' }),
  join: ({ queue }) => ({ on: queueThing(queue), waits: 'join' }),
  acquire: ({ lock }) => ({ on: lockThing(lock), waits: 'acquire', locks: lock }),
  release: ({ lock }) => ({ on: lockThing(lock), frees: lock }),
  permit: ({ semaphore: { id } }) => ({ on: { id, kind: 'Semaphore' }, waits: 'acquire' }),
  permits: ({ semaphore: { id } }) => ({ on: { id, kind: 'Semaphore' }, signals: 'release' }),
  event: ({ event: id, action }) => (action === 'isSet' ? undefined : { on: { id, kind: 'Event' }, ...(action === 'wait' ? { waits: 'wait' } : { signals: action }) }),
  sleep: ({ condition: id, lock }) => ({ on: { id, kind: 'Condition' }, waits: 'wait', locks: lock }),
  wake: ({ condition: id }) => ({ on: { id, kind: 'Condition' }, signals: 'notify' }),
  value: ({ value: { id }, action, operand }) => ({ on: { id, kind: 'Value' }, signals: action, ...(action === 'set' ? { value: operand } : {}) }),
  barrier: ({ barrier: { id }, action }) => barrierQuestions[action]?.({ id, kind: 'Barrier' })
}

const barrierQuestions: { readonly [action: string]: (on: Thing) => Question } = {
  wait: on => ({ on, waits: 'wait' }),
  reset: on => ({ on, signals: 'reset' }),
  break: on => ({ on, signals: 'abort' })
}

/** Undefined for what a trace does not tell. */
export function questionOf(ask: Ask): Question | undefined {
  return (questions[ask.type] as ((ask: Ask) => Question | undefined) | undefined)?.(ask)
}

/** Both ways of a pipe are one thing, and so are all the ways that the tasks and results of pools take. */
export function queueThing({ id }: QueueSpec): Thing {
  if (id.startsWith('pool-')) return { id: 'pool', kind: 'Pool' }
  return /[<>]$/.test(id) ? { id: id.slice(0, -1), kind: 'Pipe' } : { id, kind: 'Queue' }
}

function lockThing({ id, recursive }: LockSpec): Thing {
  return { id, kind: recursive ? 'RLock' : 'Lock' }
}
