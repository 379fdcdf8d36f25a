import { type Realm, realm } from './realm.ts'

const living = new WeakMap<Realm, Set<object>>()

/** The workers that were started here, where this code runs, and have not ended. */
export function children(): Set<object> {
  const current = realm()
  const known = living.get(current) ?? new Set()
  living.set(current, known)
  return known
}
