import { DISPLAY } from '../display/bundle.ts'
import { currentOwner, workFor } from '../session/owner.ts'

export type Listener<T> = (event: T) => unknown

/** Ends a subscription when it is called, or disposed of. */
export type Stop = (() => void) & Disposable

/** Adds a listener that runs as whoever is running now. An error of it is shown there, and nobody else's concern. */
export function subscribe<T>(listeners: Set<Listener<T>>, listener: Listener<T>): Stop {
  const owner = currentOwner()
  const entry = (event: T) => workFor(owner, () => call(listener, event))
  listeners.add(entry)
  return stopBy(() => void listeners.delete(entry))
}

/** A cell that ends with it has nothing to show. */
export function stopBy(end: () => void): Stop {
  return Object.assign(end, { [Symbol.dispose]: end, [DISPLAY]: () => ({}) })
}

function call<T>(listener: Listener<T>, event: T): void {
  try {
    listener(event)
  } catch (error) {
    void Promise.reject(error)
  }
}
