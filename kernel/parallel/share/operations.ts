/** What a thread can ask of the owner, each carried out with the owner's own objects. */
import { inspect, types, type InspectOptions } from 'node:util'
import type { Mode, Parcel } from '../capture/parcel.ts'
import type { Handles } from './handles.ts'
import { iteratorSteps, pairIterations } from './intrinsics.ts'
import { Answer } from './tags.ts'

/** The notebook's variables, as the owner reaches them. */
export interface Scope {
  get(name: string): unknown
  set(name: string, value: unknown): void
  has(name: string): boolean
  /** Takes values out of the notebook, with everything that they use. */
  capture(values: readonly unknown[], mode: Mode): Parcel
}

export interface Result {
  readonly kind: typeof Answer[keyof typeof Answer]
  readonly value: unknown
  /** A deep copy instead of references. */
  readonly copy?: boolean
}

/** The numbers of the operations, in the order of `operations`. */
export const Operation = {
  read: 0, write: 1, get: 2, set: 3, has: 4, remove: 5, keys: 6, describe: 7, define: 8, prototype: 9, reparent: 10,
  invoke: 11, apply: 12, construct: 13, inspect: 14, snapshot: 15, elements: 16, capture: 17,
} as const

interface Place {
  readonly scope: Scope
  readonly handles: Handles
}

type Carry = (place: Place, ...operands: never[]) => Result

const table: Readonly<Record<keyof typeof Operation, Carry>> = {
  read({ scope }, name: string) {
    return plain(existing(scope, name).get(name))
  },
  write({ scope }, name: string, value: unknown) {
    existing(scope, name).set(name, value)
    return plain(undefined)
  },
  get({ handles }, target: Indexed, key: PropertyKey) {
    const value = target[key]
    return handles.teachMethod(target, key, value) ? { kind: Answer.method, value } : plain(value)
  },
  set(_place, target: Indexed, key: PropertyKey, value: unknown) {
    target[key] = value
    return plain(undefined)
  },
  has: (_place, target: object, key: PropertyKey) => plain(Reflect.has(target, key)),
  remove: (_place, target: object, key: PropertyKey) => plain(Reflect.deleteProperty(target, key)),
  keys: (_place, target: object) => list(describeAll(target)),
  describe: (_place, target: object, key: PropertyKey) => list(described(Object.getOwnPropertyDescriptor(target, key))),
  define(_place, target: object, key: PropertyKey, ...parts: unknown[]) {
    return plain(Reflect.defineProperty(target, key, undescribed(parts)))
  },
  prototype: (_place, target: object) => plain(Object.getPrototypeOf(target)),
  reparent: (_place, target: object, prototype: object | null) => plain(Reflect.setPrototypeOf(target, prototype)),
  invoke(_place, target: Indexed, key: PropertyKey, ...given: unknown[]) {
    const method = target[key]
    if (typeof method !== 'function') throw new TypeError(`${String(key)} is not a function`)
    return called(method, target, given)
  },
  apply: (_place, target: CallableFunction, self: unknown, ...given: unknown[]) => called(target, self, given),
  construct(_place, target: CallableFunction, ...given: unknown[]) {
    const value: object = Reflect.construct(target as never, given)
    return { kind: types.isNativeError(value) ? Answer.error : Answer.value, value }
  },
  inspect: (_place, target: object, options: InspectOptions) => plain(inspect(target, options)),
  snapshot: (_place, value: unknown) => ({ kind: Answer.value, value, copy: true }),
  elements: (_place, target: object) => elements(target),
  capture({ scope }, mode: Mode, ...values: unknown[]) {
    const { data, shared } = scope.capture(values, mode)
    return { kind: Answer.value, value: { data, shared }, copy: true }
  },
}

/** By number. */
export const operations: readonly Carry[] = (Object.keys(Operation) as (keyof typeof Operation)[]).map((name) => table[name])

type Indexed = Record<PropertyKey, unknown>

function plain(value: unknown): Result {
  return { kind: Answer.value, value }
}

function list(value: readonly unknown[]): Result {
  return { kind: Answer.list, value }
}

function existing(scope: Scope, name: string): Scope {
  if (!scope.has(name)) throw new ReferenceError(`${name} is not defined`)
  return scope
}

function called(method: CallableFunction, self: unknown, given: readonly unknown[]): Result {
  const value: unknown = Reflect.apply(method, self, given)
  if (pairIterations.has(method)) pairIterators.add(value as object)
  if (!iteratorSteps.has(method) || types.isPromise(value)) return plain(value)
  const { done, value: element } = value as IteratorResult<unknown>
  const isPair = done !== true && pairIterators.has(self as object)
  return isPair ? { kind: Answer.pair, value: element } : { kind: Answer.step, value: [done, element] }
}

/** Iterators over entries: each pair is made for the asker, and so travels as a copy. */
const pairIterators = new WeakSet<object>()

/** Every own key with its flags and value where that is primitive: what `Object.keys`, spread and the like ask next. */
function describeAll(target: object): unknown[] {
  return Reflect.ownKeys(target).flatMap((key) => {
    const descriptor = Object.getOwnPropertyDescriptor(target, key)
    if (descriptor === undefined || !('value' in descriptor) || Object(descriptor.value) === descriptor.value) return [key, -1, null]
    return [key, Number(descriptor.enumerable) + 2 * Number(descriptor.writable), descriptor.value]
  })
}

const ATTRIBUTES = ['value', 'get', 'set', 'writable', 'enumerable', 'configurable'] as const

/** Only the attributes that are there, each as name and value. */
function described(descriptor: PropertyDescriptor | undefined): unknown[] {
  if (descriptor === undefined) return []
  return ATTRIBUTES.flatMap((name) => name in descriptor ? [name, descriptor[name]] : [])
}

function undescribed(parts: readonly unknown[]): PropertyDescriptor {
  return Object.fromEntries(parts.flatMap((part, index) => index % 2 === 0 ? [[part, parts[index + 1]]] : []))
}

/** What a method with a callback goes over: the elements, or a copy of the typed array. */
function elements(target: object): Result {
  if (ArrayBuffer.isView(target)) return { kind: Answer.value, value: target, copy: true }
  if (types.isMap(target)) return list([...target].flat(1))
  return list([...target as Iterable<unknown>])
}
