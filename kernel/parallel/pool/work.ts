import { currentOwner } from '../../session/owner.ts'
import type { Owner } from '../../session/protocol.ts'
import { capture } from '../capture/capture.ts'
import { isPlainList } from '../client/items.ts'
import { noting } from '../client/noting.ts'
import { realm } from '../client/realm.ts'
import type { CellSource, Item, WorkerKind } from '../protocol.ts'
import { knowing } from './known.ts'
import type { Arguments, ToMember } from './messages.ts'
import type { Task } from './task.ts'

/** A function of a pool, captured once for all of its tasks. */
export interface Work {
  readonly message: Item
  readonly kind: WorkerKind
  readonly owner: Owner
  /** The notebook's names that it uses. */
  readonly names: ReadonlySet<string>
}

type Target = (...args: never[]) => unknown

export interface WorkOptions {
  /** Whether each item is an array of arguments. */
  readonly spread: boolean
  /** Whether somebody looks at the progress. */
  readonly watched: boolean
}

export function captureWork(target: Target, kind: WorkerKind, options: WorkOptions): Work {
  const names = new Set<string>()
  const message = pack(kind, 'the function of a Pool', { type: 'work', target: target as () => unknown, owner: owner(), ...options }, names)
  return { kind, owner: currentOwner(), names, message }
}

export function captureInitializer(target: Target | undefined, args: Arguments, kind: WorkerKind): Item {
  return pack(kind, 'the initializer of a Pool', { type: 'prepare', args, owner: owner(), ...(target ? { target: target as () => unknown } : {}) })
}

/** Called when a worker is given the task: what it is called with is copied then. */
export function captureTask({ item, work: { kind, names }, items, first, what }: Task): Item {
  if (item) return item
  if (isPlainList(items)) return { list: items, preview: what }
  return { ...knowing(names, () => pack(kind, `the items of a Pool from ${first} on`, { type: 'task', items })), preview: what }
}

type Draft = { readonly [T in ToMember as T['type']]: Omit<T, 'cells'> }[ToMember['type']]

function pack(kind: WorkerKind, what: string, message: Draft, names = new Set<string>()): Item {
  const cells: Record<string, CellSource> = {}
  const scope = noting(realm().scope, cells)
  const lookup = (name: string) => {
    const binding = scope.lookup(name)
    if (binding) names.add(name)
    return binding
  }
  const mode = kind === 'thread' ? 'share' : 'copy'
  // What comes first is captured last: by then it is known which cells the rest comes from.
  return { parcel: capture({ cells, ...message }, { ...scope, lookup }, mode, what) }
}

/** What the function prints is its caller's. */
function owner(): Owner {
  const { cell, output } = currentOwner()
  return output === undefined ? { cell } : { cell, output }
}
