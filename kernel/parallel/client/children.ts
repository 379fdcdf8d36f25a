import { type Realm, realm } from './realm.ts'

/** A worker, as far as its parent is concerned. */
export interface Child {
  readonly daemon: boolean
  join(): Promise<unknown>
}

const living = new WeakMap<Realm, Set<Child>>()

/** The workers that were started here, where this code runs, and have not ended. */
export function children(): Set<Child> {
  const current = realm()
  const known = living.get(current) ?? new Set<Child>()
  living.set(current, known)
  return known
}

/** Resolves when all that are no daemons have ended, those that begin meanwhile included. */
export async function childrenEnded(): Promise<void> {
  for (let waited = awaited(); waited.length > 0; waited = awaited()) await Promise.all(waited.map(child => child.join().catch(() => undefined)))
}

function awaited(): readonly Child[] {
  return [...children()].filter(({ daemon }) => !daemon)
}
