import { referenceOf } from './faces.ts'
import { Operation } from './operations.ts'

/**
 * A plain deep copy of what a thread has of the notebook, in one round trip: to work on at full speed, whatever the
 * session does meanwhile. In the session and in a process, which have values and no references, it is the value itself.
 *
 * In a thread each look at an object of the notebook waits for the session, about 50 microseconds while it is idle, and
 * as long as a cell, or anything else, keeps the session busy without awaiting. A copy is a moment's: what the notebook
 * changes later is not in it, and changing it changes nothing there. Instances of classes become plain objects;
 * functions and promises stay what they are.
 *
 * A reference behaves like the object, but can't be frozen, get properties that are not configurable, be the base of a
 * class of the thread, or be given to code that looks inside objects, such as `structuredClone`: give that a snapshot.
 *
 * @example
 * const rows = [{ price: 3 }, { price: 4 }]
 * const thread = new Thread({ target: () => snapshot(rows).reduce((sum, { price }) => sum + price, 0) })
 * thread.start()
 * await thread.result() // 7
 */
export function snapshot<T>(value: T): T {
  const reference = referenceOf(value)
  return reference === undefined ? value : reference.asker.ask(Operation.snapshot, reference) as T
}
