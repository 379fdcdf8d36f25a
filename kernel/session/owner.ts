import { AsyncLocalStorage } from 'node:async_hooks'
import type { Owner } from './protocol.ts'

const owners = new AsyncLocalStorage<Owner>()
let newest: Owner = { cell: '' }

/** Runs work whose output, now and later, belongs to `owner`. */
export function runAs<T>(owner: Owner, work: () => T): T {
  newest = owner
  return owners.run(owner, work)
}

/** Whose work runs now: the one that started it, however long ago; else the newest. */
export function currentOwner(): Owner {
  return owners.getStore() ?? newest
}
