/** Bytes to values: the other half of `encode.ts`. */
import { decodeWith } from '../capture/codecs.ts'
import type { Reader } from './bytes.ts'
import { errorClasses, intrinsics } from './intrinsics.ts'
import { Tag, wellKnownSymbols } from './tags.ts'

/** Finds what a reference (`Tag.reference`) or a handle (`Tag.handle`) stands for. */
export type Resolve = (source: Reader) => unknown

export class Decoder {
  readonly source: Reader
  readonly #resolve: Resolve
  readonly #seen: unknown[] = []

  constructor(source: Reader, resolve: Resolve) {
    this.source = source
    this.#resolve = resolve
  }

  decode(): unknown {
    return this.#value(this.source.byte())
  }

  /** Several values, as `Encoder.list` wrote them. */
  list(): unknown[] {
    const values: unknown[] = []
    for (let left = this.source.word(); left > 0; left--) values.push(this.decode())
    return values
  }

  #value(tag: number): unknown {
    if (tag === Tag.number) return this.source.double()
    if (tag === Tag.string) return this.source.string()
    if (tag === Tag.reference || tag === Tag.handle) return this.#resolve(this.source)
    const read = Decoder.#readers[tag]
    if (read === undefined) throw new RangeError(`Unknown tag ${tag} in an encoded value`)
    return read(this)
  }

  static readonly #readers: Readonly<Record<number, (from: Decoder) => unknown>> = {
    [Tag.undefined]: () => undefined,
    [Tag.null]: () => null,
    [Tag.true]: () => true,
    [Tag.false]: () => false,
    [Tag.bigint]: (from) => BigInt(from.source.string()),
    [Tag.registeredSymbol]: (from) => Symbol.for(from.source.string()),
    [Tag.wellKnownSymbol]: (from) => wellKnownSymbols[from.source.byte()],
    [Tag.intrinsic]: (from) => intrinsics[from.source.word()],
    [Tag.again]: (from) => from.#seen[from.source.word()],
    [Tag.array]: (from) => from.#array(),
    [Tag.object]: (from) => from.#entries(from.#keep({})),
    [Tag.bareObject]: (from) => from.#entries(from.#keep(Object.create(null) as object)),
    [Tag.map]: (from) => from.#map(from.#keep(new Map())),
    [Tag.set]: (from) => from.#set(from.#keep(new Set())),
    [Tag.date]: (from) => from.#leaf(([time]) => new Date(time as number)),
    [Tag.regexp]: (from) => from.#leaf(([source, flags]) => new RegExp(source as string, flags as string)),
    [Tag.boxed]: (from) => from.#leaf(([primitive]) => Object(primitive)),
    [Tag.error]: (from) => from.#error(),
    [Tag.thing]: (from) => decodeWith(from.source.string(), from.decode()),
    [Tag.cargo]: (from) => from.#keep(from.source.cargo(from.source.word())),
    [Tag.buffer]: (from) => from.#keep(Buffer.from((from.source.cargo(from.source.word()) as Uint8Array<ArrayBuffer>).buffer)),
  }

  #keep<T>(value: T): T {
    this.#seen.push(value)
    return value
  }

  /** Something without objects inside, made from its parts. */
  #leaf(make: (parts: unknown[]) => unknown): unknown {
    const place = this.#seen.push(undefined) - 1
    return this.#seen[place] = make(this.list())
  }

  #array(): unknown[] {
    const length = this.source.word()
    const array: unknown[] = this.#keep([])
    for (let index = 0; index < length; index++) {
      const tag = this.source.byte()
      if (tag !== Tag.hole) array[index] = this.#value(tag)
    }
    array.length = length
    return array
  }

  #entries<T extends object>(target: T): T {
    for (let left = this.source.word(); left > 0; left--) {
      const key = this.source.string()
      const value = this.decode()
      Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
    }
    return target
  }

  #map(map: Map<unknown, unknown>): Map<unknown, unknown> {
    for (let left = this.source.word(); left > 0; left -= 2) map.set(this.decode(), this.decode())
    return map
  }

  #set(set: Set<unknown>): Set<unknown> {
    for (let left = this.source.word(); left > 0; left--) set.add(this.decode())
    return set
  }

  #error(): Error {
    const place = this.#seen.push(undefined) - 1
    const constructor = errorClasses.get(this.source.string()) ?? Error
    const name = this.source.string()
    const error: Error = Object.setPrototypeOf(new Error(this.source.string()), constructor.prototype)
    this.#seen[place] = error
    hide(error, 'stack', this.source.string())
    if (error.name !== name) hide(error, 'name', name)
    this.#entries(error)
    for (const key of ['cause', 'errors']) if (Object.hasOwn(error, key)) hide(error, key, Reflect.get(error, key))
    return error
  }
}

function hide(error: Error, key: string, value: unknown): void {
  Object.defineProperty(error, key, { value, writable: true, enumerable: false, configurable: true })
}
