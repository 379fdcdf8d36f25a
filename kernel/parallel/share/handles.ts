/** The owner's objects that one thread refers to, by number; each stays alive for as long as the thread does refer to it. */
import { types } from 'node:util'
import { type Coded, codecFor } from '../capture/codecs.ts'
import { Encoder, type Outlet } from './encode.ts'
import { callbackNumber } from './intrinsics.ts'
import { Kind, Tag } from './tags.ts'

interface Handle {
  readonly value: object | symbol
  readonly kind: number
  /** How often it was sent. Only when the thread released as many is no reference left, nor on its way. */
  sent: number
}

/** A prototype whose methods the thread remembers. */
interface SharedClass {
  readonly number: number
  readonly methods: Set<PropertyKey>
}

export class Handles implements Outlet {
  readonly #byNumber = new Map<number, Handle>()
  readonly #numbers = new Map<object | symbol, number>()
  readonly #classes = new WeakMap<object, SharedClass>()
  #lastNumber = 0
  #lastClass = 0

  get size(): number {
    return this.#byNumber.size
  }

  value(number: number): unknown {
    const handle = this.#byNumber.get(number)
    if (handle === undefined) throw new ReferenceError(`The notebook no longer holds object ${number} for this thread`)
    return handle.value
  }

  refer(value: object | symbol, encoder: Encoder): boolean {
    const number = this.lend(value)
    const handle = this.#byNumber.get(number) as Handle
    encoder.out.byte(Tag.reference)
    encoder.out.word(number)
    encoder.out.byte(handle.kind)
    this.#describe(handle, encoder)
    return true
  }

  /** The number of a value, which the thread now refers to once more. */
  lend(value: object | symbol): number {
    const number = this.#numbers.get(value) ?? this.#add(value)
    const handle = this.#byNumber.get(number) as Handle
    handle.sent++
    return number
  }

  copyInstance(): void {}

  release(number: number, count: number): void {
    const handle = this.#byNumber.get(number)
    if (handle === undefined || (handle.sent -= count) > 0) return
    this.#byNumber.delete(number)
    this.#numbers.delete(handle.value)
  }

  clear(): void {
    this.#byNumber.clear()
    this.#numbers.clear()
  }

  /** Whether the thread may remember this property for all objects of the class: a method on a prototype. */
  teachMethod(target: object, key: PropertyKey, value: unknown): boolean {
    const prototype: unknown = Object.getPrototypeOf(target)
    if (typeof value !== 'function' || prototype === null || !isInherited(target, key)) return false
    this.#classOf(prototype as object).methods.add(key)
    return true
  }

  #add(value: object | symbol): number {
    const number = ++this.#lastNumber
    // From here on a rejection is the thread's to handle, which will ask for it a moment later.
    if (types.isPromise(value)) value.catch(() => {})
    this.#byNumber.set(number, { value, kind: kindOf(value), sent: 0 })
    this.#numbers.set(value, number)
    return number
  }

  #describe({ value, kind, sent }: Handle, encoder: Encoder): void {
    if (kind === Kind.symbol) return encoder.out.string((value as symbol).description ?? '')
    if (kind === Kind.shared) return this.#share(value as object, sent, encoder)
    if (kind === Kind.thing) return this.#stand(value as object, sent, encoder)
    if (kind === Kind.promise) return
    encoder.out.word(this.#classNumber(value as object))
    if (kind === Kind.function) encoder.out.byte(callbackNumber(value as object))
  }

  /** The thread keeps what is shared memory, so it travels once. */
  #share(value: object, sent: number, encoder: Encoder): void {
    encoder.out.byte(Number(sent === 1))
    if (sent === 1) encoder.cargo(value)
  }

  /** The thread makes its own, once. */
  #stand(value: object, sent: number, { out }: Encoder): void {
    out.byte(Number(sent === 1))
    if (sent === 1) new Encoder(out, copying(this)).thing(codecFor(value) as Coded)
  }

  /** 0 where the object's own properties hide a method that the thread remembers. */
  #classNumber(value: object): number {
    const prototype: unknown = Object.getPrototypeOf(value)
    if (prototype === null || types.isProxy(value)) return 0
    const { number, methods } = this.#classOf(prototype as object)
    for (const key of methods) if (Object.hasOwn(value, key)) return 0
    return number
  }

  #classOf(prototype: object): SharedClass {
    const known = this.#classes.get(prototype)
    if (known !== undefined) return known
    const added = { number: ++this.#lastClass, methods: new Set<PropertyKey>() }
    this.#classes.set(prototype, added)
    return added
  }
}

/** Whether a plain data property, not the object's own, is what `target[key]` reads. */
function isInherited(target: object, key: PropertyKey): boolean {
  for (let at: unknown = target; at !== null; at = Object.getPrototypeOf(at)) {
    const descriptor = Object.getOwnPropertyDescriptor(at, key)
    if (descriptor !== undefined) return at !== target && 'value' in descriptor
  }
  return false
}

function kindOf(value: object | symbol): number {
  if (typeof value === 'symbol') return Kind.symbol
  if (typeof value === 'function') return isConstructor(value) ? Kind.constructor : Kind.function
  if (Array.isArray(value)) return Kind.array
  if (types.isPromise(value)) return Kind.promise
  if (isSharedMemory(value)) return Kind.shared
  return codecFor(value) ? Kind.thing : Kind.object
}

/** A deep copy still refers to what can't be copied. */
export function copying(handles: Handles): Outlet {
  return {
    copyInstance: () => {},
    refer: (value, encoder) => isUncopyable(value) && handles.refer(value, encoder),
  }
}

function isUncopyable(value: object | symbol): boolean {
  return typeof value !== 'object' || types.isPromise(value) || types.isWeakMap(value) || types.isWeakSet(value)
    || types.isGeneratorObject(value) || value instanceof WeakRef || types.isExternal(value) || codecFor(value) !== undefined
}

function isConstructor(value: object): boolean {
  try {
    Reflect.construct(Object, [], value as CallableFunction as never)
    return true
  } catch {
    return false
  }
}

function isSharedMemory(value: object): boolean {
  return types.isSharedArrayBuffer(value) || ArrayBuffer.isView(value) && types.isSharedArrayBuffer(value.buffer)
}
