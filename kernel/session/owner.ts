import { AsyncLocalStorage } from 'node:async_hooks'
import type { Owner } from './protocol.ts'

/** Whose the kernel's own work is: no cell's, so that no interrupt ends it. */
export const nobody: Owner = { cell: '' }

const owners = new AsyncLocalStorage<Owner>()
const signals = new WeakMap<Owner, AbortSignal>()
let newest: Owner = nobody

/** Runs work whose output, now and later, belongs to `owner`. */
export function runAs<T>(owner: Owner, work: () => T): T {
  newest = owner
  return owners.run(owner, work)
}

/** Runs the kernel's own work on behalf of `owner`; what nobody started is still the newest cell's. */
export function workFor<T>(owner: Owner, work: () => T): T {
  return owners.run(owner, work)
}

/** Whose work runs now: the one that started it, however long ago; else the newest. */
export function currentOwner(): Owner {
  return owners.getStore() ?? newest
}

/** Ties work to a signal: what was started as `owner` ends when it is aborted. */
export function endWith(owner: Owner, signal: AbortSignal): void {
  signals.set(owner, signal)
}

/** Aborted when the cell whose work runs now is interrupted. Undefined in workers, which end as a whole. */
export function currentSignal(): AbortSignal | undefined {
  return signals.get(currentOwner())
}
