/** The traps of a proxy that stands for an object of the owner: each is one request. */
import { inspect } from 'node:util'
import type { Asker } from './asker.ts'
import { runInThread } from './callbacks.ts'
import { Enumeration } from './enumeration.ts'
import { Operation } from './operations.ts'
import { referenceOf } from './faces.ts'
import { Kind } from './tags.ts'

export class Reference implements ProxyHandler<object> {
  readonly asker: Asker
  readonly id: number
  /** Not 0 for a method that takes a function: which one. */
  readonly callback: number
  /** Which methods it shares with others; 0 when none may be assumed. */
  classNumber: number
  #enumeration: Enumeration | undefined

  constructor(asker: Asker, { id, callback, classNumber }: { id: number, callback: number, classNumber: number }) {
    this.asker = asker
    this.id = id
    this.callback = callback
    this.classNumber = classNumber
  }

  /** The proxy itself. What it wraps decides about `typeof`, `Array.isArray` and whether it can be called. */
  face(kind: number): object {
    return new Proxy(Object.defineProperty(targetOf(kind), inspect.custom, INSPECT), this)
  }

  get(_target: object, key: PropertyKey): unknown {
    const known = this.#methods()?.get(key)
    if (known !== undefined) return known
    const found = this.asker.read(Operation.get, this, key)
    const { lastWasMethod } = this.asker
    const value = key === 'constructor' ? this.asker.ownClasses.classFor(found) : found
    if (lastWasMethod) this.#methods()?.set(key, value)
    return value
  }

  set(_target: object, key: PropertyKey, value: unknown, receiver: object): boolean {
    if (!this.#isFace(receiver)) return Reflect.defineProperty(receiver, key, { ...PLAIN, value })
    if (this.#methods()?.has(key) === true) this.classNumber = 0
    this.asker.ask(Operation.set, this, key, value)
    return true
  }

  has(_target: object, key: PropertyKey): boolean {
    return this.asker.ask(Operation.has, this, key) as boolean
  }

  deleteProperty(_target: object, key: PropertyKey): boolean {
    return this.asker.ask(Operation.remove, this, key) as boolean
  }

  ownKeys(): (string | symbol)[] {
    this.#enumeration = new Enumeration(this.asker.ask(Operation.keys, this) as unknown[])
    return this.#enumeration.keys
  }

  getOwnPropertyDescriptor(target: object, key: PropertyKey): PropertyDescriptor | undefined {
    const expected = this.#enumeration?.next(key)
    if (expected !== undefined) return visible(target, key, expected)
    const parts = this.asker.ask(Operation.describe, this, key) as unknown[]
    return parts.length === 0 ? undefined : visible(target, key, paired(parts))
  }

  defineProperty(_target: object, key: PropertyKey, descriptor: PropertyDescriptor): boolean {
    if (descriptor.configurable === false) {
      throw new TypeError(`A thread can't make property ${String(key)} non-configurable: do it in the notebook`)
    }
    this.classNumber = 0
    return this.asker.ask(Operation.define, this, key, ...Object.entries(descriptor).flat(1)) as boolean
  }

  getPrototypeOf(): object | null {
    return this.asker.ownClasses.prototypeFor(this.asker.ask(Operation.prototype, this) as object | null)
  }

  setPrototypeOf(_target: object, prototype: object | null): boolean {
    this.classNumber = 0
    return this.asker.ask(Operation.reparent, this, prototype) as boolean
  }

  preventExtensions(): boolean {
    throw new TypeError('A thread can\'t freeze or seal an object of the notebook: do it in the notebook')
  }

  apply(_target: object, self: unknown, given: unknown[]): unknown {
    if (this.callback !== 0 && given.some((value) => this.#isOwnFunction(value))) return runInThread(this.callback, self, given)
    const on = referenceOf(self)
    const key = on?.asker === this.asker ? on.#keyOf(this) : undefined
    if (key !== undefined) return this.asker.ask(Operation.invoke, on, key, ...given)
    return this.asker.ask(Operation.apply, this, this.#isKnown(self) ? self : undefined, ...given)
  }

  construct(_target: object, given: unknown[], newTarget: object): object {
    if (!this.#isFace(newTarget)) {
      throw new TypeError('A class of a thread can\'t extend a class of the notebook: define both in a cell')
    }
    return this.asker.ask(Operation.construct, this, ...given) as object
  }

  #methods(): Map<PropertyKey, unknown> | undefined {
    return this.classNumber === 0 ? undefined : this.asker.references.methodsOf(this.classNumber)
  }

  /** The key that this object would find the method under: then get and call are one request. */
  #keyOf(method: Reference): PropertyKey | undefined {
    for (const [key, face] of this.#methods() ?? []) if (referenceOf(face) === method) return key
    return undefined
  }

  #isFace(value: unknown): boolean {
    return referenceOf(value) === this
  }

  #isOwnFunction(value: unknown): boolean {
    return typeof value === 'function' && this.asker.references.idOf(value) === undefined
  }

  /** Whether a `this` means something to the owner; a thread's own object would arrive as a copy. */
  #isKnown(value: unknown): boolean {
    return Object(value) !== value || this.asker.references.idOf(value) !== undefined
  }
}

const PLAIN = { writable: true, enumerable: true, configurable: true }

const targets: Readonly<Record<number, () => object>> = {
  [Kind.array]: () => [],
  [Kind.function]: () => () => undefined,
  // A bound function can be constructed and, unlike others, has no property that can't be deleted.
  [Kind.constructor]: () => function constructed() {}.bind(undefined),
}

function targetOf(kind: number): object {
  return targets[kind]?.() ?? {}
}

/** `util.inspect` looks at what a proxy wraps: there it finds this, and shows the owner's object. */
const INSPECT = { configurable: true, value: inspectFace }

function inspectFace(this: object, depth: number, options: object): object {
  const reference = referenceOf(this) as Reference
  const simple = Object.entries(options).filter(([, value]) => Object(value) !== value)
  const text = reference.asker.ask(Operation.inspect, reference, { ...Object.fromEntries(simple), depth })
  // An object, not the text: so the lines are indented like those around them.
  return { [inspect.custom]: () => text }
}

function paired(parts: readonly unknown[]): PropertyDescriptor {
  return Object.fromEntries(parts.flatMap((part, index) => index % 2 === 0 ? [[part, parts[index + 1]]] : []))
}

/** A proxy may call a property fixed only if what it wraps has it fixed too, as the length of arrays is. */
function visible(target: object, key: PropertyKey, descriptor: PropertyDescriptor): PropertyDescriptor {
  const fixed = Reflect.getOwnPropertyDescriptor(target, key)?.configurable === false
  return fixed ? { ...descriptor, configurable: false, writable: true } : { ...descriptor, configurable: true }
}
