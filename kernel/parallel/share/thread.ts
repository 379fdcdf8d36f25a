import type { MessagePort } from 'node:worker_threads'
import { Asker } from './asker.ts'
import type { FindClasses } from './own-classes.ts'
import { registerForeign } from '../capture/foreign.ts'
import type { Parcel } from '../capture/parcel.ts'
import { referenceOf } from './faces.ts'
import { Operation } from './operations.ts'

/** The notebook's variables in a thread. */
export interface SharedVariables extends Disposable {
  /** The accessor to define on `globalThis` for one variable: it reads and writes the notebook's own. */
  descriptor(name: string): PropertyDescriptor
  /** Says how to find the thread's copies of classes, which objects of the notebook are then instances of. */
  classes(find: FindClasses): void
}

/**
 * Connects a thread to the notebook's variables; called in the thread. Each access blocks it until the owner answered.
 *
 * Primitives go by value. Any other value of the notebook is read as a reference: a proxy that carries out every
 * operation in the notebook, one round trip each, and is the same proxy for the same object. Functions run in the
 * notebook; a promise is a real promise of the thread. A view of a SharedArrayBuffer is shared as itself, at full speed.
 * What the thread writes, or gives to a function, is copied (references stay the notebook's own objects); its own
 * functions and instances of its own classes are refused with a `UsageError`.
 *
 * What a reference can't do: be frozen, hold a non-configurable property, be the base of a class of the thread, be
 * used by native code that looks inside (`structuredClone`, `Map.prototype.get.call`): `snapshot` gives a plain copy.
 * A method given a function of the thread (`array.map(f)`, `map.forEach(f)`) runs in the thread on a copy of the elements.
 *
 * @throws {Error} from every access once the owner closed the line or went away
 * @example
 * using variables = connectVariables(workerData.port, workerData.memory)
 * Object.defineProperty(globalThis, 'counter', variables.descriptor('counter'))
 * counter++
 */
export function connectVariables(port: MessagePort, memory: SharedArrayBuffer): SharedVariables {
  const asker = new Asker(port, memory)
  registerForeign({
    test: (value) => referenceOf(value) !== undefined,
    capture: (values, mode) => asker.ask(Operation.capture, mode, ...values) as Parcel,
  })
  return {
    descriptor: (name) => ({
      get: () => asker.read(Operation.read, name),
      set: (value: unknown) => void asker.ask(Operation.write, name, value),
      enumerable: true,
      configurable: true,
    }),
    classes: (find) => {
      asker.ownClasses.find = find
    },
    [Symbol.dispose]: () => asker[Symbol.dispose](),
  }
}
