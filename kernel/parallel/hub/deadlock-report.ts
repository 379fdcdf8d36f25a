import type { ThingKind, WaitAction } from '../trace/events.ts'
import type { Member } from './member.ts'
import { questionOf, type Thing } from './tracing/questions.ts'
import type { Waiter } from './waiters.ts'

/** So many realms are named. */
const MOST = 12
const HELP = 'None of them can go on by itself: interrupt the cell, or end one of them.'

/** A realm that does nothing but wait: for answers of the hub, and for the ends of workers. */
export interface Idle {
  readonly member: Member
  readonly waiters: readonly Waiter<never>[]
  readonly joins: readonly string[]
  /** Which `Atomics.wait` it is in. */
  readonly blocked: number | undefined
}

export interface Names {
  ofMember(member: Member): string
  /** A worker's, where it runs. */
  ofWorker(worker: string): string | undefined
  /** The notebook's variables that hold a queue, a lock and so on, by their ids. */
  readonly variables: Readonly<Record<string, string>>
}

/** Who waits for what, and who has that. */
export function reportOf(stuck: readonly Idle[], names: Names): string {
  const said = stuck.slice(0, MOST).map(idle => `${names.ofMember(idle.member)} waits for ${waitsOf(idle, names)}`)
  if (stuck.length > MOST) said.push(`${stuck.length - MOST} more wait`)
  return `Deadlock: ${new Intl.ListFormat('en').format(said)}. ${HELP}`
}

function waitsOf({ member, waiters, joins, blocked }: Idle, names: Names): string {
  if (blocked !== undefined) return 'an Atomics.notify'
  const things = waiters.map(waiter => `${whatOf(waiter, names)}${holderOf(waiter, member, names)}`)
  // A pool always waits for its workers.
  const ends = waiters.some(isForPool) ? [] : joins.flatMap(worker => names.ofWorker(worker) ?? []).map(name => `the end of ${name}`)
  return [...new Set([...things, ...ends])].join(' or ') || 'a promise'
}

function holderOf({ heldBy }: Waiter<never>, member: Member, names: Names): string {
  const holder = heldBy?.()
  if (!holder) return ''
  return holder === member ? ' that it holds itself' : ` that ${names.ofMember(holder)} holds`
}

function isForPool({ ask }: Waiter<never>): boolean {
  return ask.type === 'get' && questionOf(ask)?.on.kind === 'Pool'
}

const phrases: { readonly [K in ThingKind]: (thing: string, action: WaitAction | undefined) => string } = {
  Queue: (thing, action) => (action === 'put' ? `room in ${thing}` : action === 'join' ? `the tasks of ${thing} to be done` : `an item of ${thing}`),
  Pipe: thing => `what comes through ${thing}`,
  Pool: thing => `the workers of ${thing}`,
  Lock: thing => thing,
  RLock: thing => thing,
  Semaphore: thing => `a permit of ${thing}`,
  Event: thing => `${thing} to be set`,
  Condition: thing => `${thing} to be notified`,
  Barrier: thing => `the others at ${thing}`,
  Value: thing => thing
}

function whatOf({ ask, heldBy }: Waiter<never>, { variables }: Names): string {
  const question = questionOf(ask)
  if (!question) return 'something'
  if (ask.type === 'get' && ask.queue.id.startsWith('pool-tasks')) return 'a task of a Pool'
  const { on, waits, locks } = question
  // Who was notified of a Condition waits for its lock.
  if (heldBy && locks && on.id !== locks.id) return named({ id: locks.id, kind: locks.recursive ? 'RLock' : 'Lock' }, variables)
  return phrases[on.kind](named(on, variables), waits)
}

function named({ id, kind }: Thing, variables: Names['variables']): string {
  const name = variables[id]
  if (name !== undefined) return `the ${kind} ${name}`
  return `${/^(?:E|RL)/.test(kind) ? 'an' : 'a'} ${kind}`
}
