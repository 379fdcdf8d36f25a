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

/** Whether what runs now was started by this cell, beyond doubt. */
export function isWorkOf(cell: string): boolean {
  return owners.getStore()?.cell === cell
}

/** The cell that has started what runs now, empty where nobody can say. */
export function workingCell(): string {
  return owners.getStore()?.cell ?? ''
}

/** Runs work as whoever runs now, but for some of what it says; an interrupt of one is one of the other. */
export function runWith<T>(changes: Partial<Owner>, work: () => T): T {
  const now = currentOwner()
  const owner = { ...now, ...changes }
  const signal = signals.get(now)
  if (signal) signals.set(owner, signal)
  return owners.run(owner, work)
}

/** Ties work to a signal: what was started as `owner` ends when it is aborted. */
export function endWith(owner: Owner, signal: AbortSignal): void {
  signals.set(owner, signal)
}

const abandoned = new WeakSet<AbortSignal>()

/** Work that ends with this signal is of no use any more: what it has set up for later does not happen. */
export function abandon(signal: AbortSignal): void {
  abandoned.add(signal)
}

/** Whether nobody needs the work that runs now. */
export function isAbandoned(): boolean {
  const signal = currentSignal()
  return signal !== undefined && abandoned.has(signal)
}

/** Aborted when the cell whose work runs now is interrupted. Undefined in workers, which end as a whole. */
export function currentSignal(): AbortSignal | undefined {
  return signals.get(currentOwner())
}
