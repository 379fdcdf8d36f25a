/** Values to bytes. Primitives by value, what `Outlet` refers to by reference, everything else as a deep copy. */
import { types } from 'node:util'
import type { Coded } from '../capture/codecs.ts'
import type { Writer } from './bytes.ts'
import { intrinsicNumber } from './intrinsics.ts'
import { aboveMachinery } from './stack.ts'
import { Tag, wellKnownSymbols } from './tags.ts'

/** How one side refers to what it does not copy. */
export interface Outlet {
  /** Writes a reference and answers true, or answers false: the value is to be copied. Throws for what can do neither. */
  refer(value: object | symbol, encoder: Encoder): boolean
  /** Asked before an instance of a class, which would lose its methods, is copied as a plain object. */
  copyInstance(value: object): void
}

type Builtin = readonly [matches: (value: object) => boolean, write: (to: Encoder, value: never) => void]

export class Encoder {
  readonly out: Writer
  readonly #outlet: Outlet
  #seen: Map<object, number> | undefined

  constructor(out: Writer, outlet: Outlet) {
    this.out = out
    this.#outlet = outlet
  }

  encode(value: unknown): void {
    switch (typeof value) {
      case 'number': return this.#number(value)
      case 'string': return this.#tagged(Tag.string, value)
      case 'boolean': return this.out.byte(value ? Tag.true : Tag.false)
      case 'undefined': return this.out.byte(Tag.undefined)
      case 'bigint': return this.#tagged(Tag.bigint, value.toString())
      case 'symbol': return this.#symbol(value)
      default: return value === null ? this.out.byte(Tag.null) : this.#object(value as object)
    }
  }

  /** Several values, with their number in front. */
  list(values: readonly unknown[]): void {
    this.out.word(values.length)
    for (let index = 0; index < values.length; index++) this.encode(values[index])
  }

  /** Puts a buffer beside the bytes. */
  cargo(value: object): void {
    this.out.word(this.out.cargo.push(value) - 1)
  }

  /** What stands for something that the hub knows. */
  thing({ name, encoded }: Coded): void {
    this.#tagged(Tag.thing, name)
    this.encode(encoded())
  }

  /** A copy of an error, also where errors go by reference. */
  error(error: Error): void {
    this.#keep(error)
    this.out.byte(Tag.error)
    this.out.string(builtinClass(error))
    this.out.string(nameOf(error))
    this.out.string(String(error.message))
    this.out.string(aboveMachinery(String(error.stack ?? '')))
    const keys = Object.keys(error).concat(['cause', 'errors'].filter((key) => Object.hasOwn(error, key)))
    this.#entries(error, keys.filter((key) => !['name', 'message', 'stack'].includes(key)))
  }

  /** Numbers a copied object, in the order in which the other side will make it. */
  #keep(value: object): void {
    this.#seen ??= new Map()
    this.#seen.set(value, this.#seen.size)
  }

  #number(value: number): void {
    this.out.byte(Tag.number)
    this.out.double(value)
  }

  #tagged(tag: number, text: string): void {
    this.out.byte(tag)
    this.out.string(text)
  }

  #symbol(value: symbol): void {
    const wellKnown = wellKnownSymbols.indexOf(value)
    const key = Symbol.keyFor(value)
    if (key !== undefined) return this.#tagged(Tag.registeredSymbol, key)
    if (wellKnown < 0) return void this.#outlet.refer(value, this)
    this.out.byte(Tag.wellKnownSymbol)
    this.out.byte(wellKnown)
  }

  #object(value: object): void {
    const intrinsic = intrinsicNumber(value)
    if (intrinsic !== undefined) {
      this.out.byte(Tag.intrinsic)
      return this.out.word(intrinsic)
    }
    if (this.#outlet.refer(value, this)) return
    const index = this.#seen?.get(value)
    if (index === undefined) return this.#copy(value)
    this.out.byte(Tag.again)
    this.out.word(index)
  }

  #copy(value: object): void {
    if (types.isNativeError(value)) return this.error(value)
    this.#keep(value)
    if (Array.isArray(value)) return this.#array(value)
    for (const [matches, write] of Encoder.#builtins) if (matches(value)) return write(this, value as never)
    this.#plain(value)
  }

  /** Which built-in objects are copied, and how. */
  static readonly #builtins: readonly Builtin[] = [
    [types.isMap, (to, map: Map<unknown, unknown>) => to.#container(Tag.map, [...map].flat(1))],
    [types.isSet, (to, set: Set<unknown>) => to.#container(Tag.set, [...set])],
    [types.isDate, (to, date: Date) => to.#container(Tag.date, [date.getTime()])],
    [types.isRegExp, (to, pattern: RegExp) => to.#container(Tag.regexp, [pattern.source, pattern.flags])],
    [types.isBoxedPrimitive, (to, boxed: object) => to.#container(Tag.boxed, [boxed.valueOf()])],
    [Buffer.isBuffer, (to, buffer: Buffer) => to.#cargo(Tag.buffer, Uint8Array.from(buffer))],
    [(value) => ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value), (to, data: object) => to.#cargo(Tag.cargo, data)],
  ]

  #container(tag: number, parts: readonly unknown[]): void {
    this.out.byte(tag)
    this.list(parts)
  }

  #cargo(tag: number, data: object): void {
    this.out.byte(tag)
    this.cargo(data)
  }

  #array(array: readonly unknown[]): void {
    this.out.byte(Tag.array)
    this.out.word(array.length)
    for (let index = 0; index < array.length; index++) {
      if (index in array) this.encode(array[index])
      else this.out.byte(Tag.hole)
    }
  }

  #plain(value: object): void {
    const prototype = Object.getPrototypeOf(value)
    if (prototype !== null && prototype !== Object.prototype) this.#outlet.copyInstance(value)
    this.out.byte(prototype === null ? Tag.bareObject : Tag.object)
    this.#entries(value, Object.keys(value))
  }

  #entries(value: object, keys: readonly string[]): void {
    this.out.word(keys.length)
    for (const key of keys) {
      this.out.string(key)
      this.encode(Reflect.get(value, key))
    }
  }
}

function builtinClass(error: Error): string {
  for (let at: unknown = error; at !== null; at = Object.getPrototypeOf(at)) {
    if (intrinsicNumber(at as object) !== undefined) return (at as Error).constructor.name
  }
  return 'Error'
}

/** The name that says most: a class that never set `name` still has one. */
function nameOf(error: Error): string {
  const name = String(error.name)
  return name === 'Error' ? error.constructor?.name || name : name
}
