import { flag, globalsId, type Content, type OwnProperty } from './content.ts'
import { makers, type Maker } from './makers.ts'
import type { FunctionShell } from './pack-function.ts'
import type { Realm } from './parcel.ts'
import { addPrivateMembers, fillPrivateFields } from './private-members.ts'
import { Scopes } from './scopes.ts'
import { sourceFacts } from './source-facts.ts'

/** What comes beside a content. */
export interface Provisions {
  readonly shared: readonly object[]
  readonly foreign: readonly unknown[]
  readonly modules: ReadonlyMap<string, unknown>
}

/** Makes all values of a content: first each by itself, then what they have of each other. */
export class Restoration {
  readonly content: Content
  readonly shared: readonly object[]
  readonly foreign: readonly unknown[]
  readonly modules: ReadonlyMap<string, unknown>
  readonly scopes: Scopes
  readonly #realm: Realm
  readonly #makers: readonly Maker[]
  readonly #made: unknown[] = []
  readonly #isMade: boolean[] = []
  /** What is to be done when a value of a codec is there. */
  readonly #postponed = new Map<number, (() => void)[]>()
  /** How many parts of a value are still to come. */
  readonly #missing = new Map<number, number>()
  readonly #last: (() => void)[] = []
  /** Classes that are here already, and their prototypes: nothing is changed about them. */
  readonly #own = new Set<number>()

  constructor(content: Content, { shared, foreign, modules }: Provisions, realm: Realm) {
    this.content = content
    this.shared = shared
    this.foreign = foreign
    this.modules = modules
    this.#realm = realm
    this.#makers = content.kinds.map(makers)
    this.scopes = new Scopes(content, id => this.make(id))
  }

  run(): void {
    const { shells, links, properties, prototypes, integrity, constants } = this.content
    this.#findOwn()
    this.#addPrivateMembers()
    for (let id = 0; id < shells.length; id++) if (!this.#maker(id).late) this.make(id)
    for (let i = 0; i < links.length; i += 3) this.#link(links[i] as number, links[i + 1]!, links[i + 2] as number)
    for (const property of properties) if (!this.#own.has(property[0])) this.#define(property)
    pairs(prototypes, (id, prototype) => {
      if (this.#own.has(id)) return
      Object.setPrototypeOf(this.make(id), prototype < 0 ? null : (this.make(prototype) as object))
    })
    for (let id = 0; id < shells.length; id++) if (!this.#missing.has(id)) this.#complete(id)
    // Inner ones have the higher numbers: a codec is given data whose own objects of codecs are there.
    for (let id = shells.length - 1; id >= 0; id--) if (this.#maker(id).late) this.#makeLate(id)
    this.scopes.assignAll()
    const fixed = new Set(constants)
    for (const [name, value] of Object.entries(shells[globalsId] as object)) this.define(name, value, !fixed.has(name))
    for (const finish of this.#last) finish()
    pairs(integrity, (id, level) => this.#own.has(id) || restrictions[level]!(this.make(id)))
  }

  /** The value of that number, made now if need be; its parts may still be missing. */
  make(id: number): unknown {
    if (this.#isMade[id]) return this.#made[id]
    const made = this.#maker(id).make(this.content.shells[id], this)
    this.#isMade[id] = true
    return (this.#made[id] = made)
  }

  define(name: string, value: unknown, writable: boolean): void {
    this.#realm.define(name, { value, writable, enumerable: true, configurable: true })
  }

  /** Calls back when all values have all of their parts. */
  atLast(finish: () => void): void {
    this.#last.push(finish)
  }

  /** Instances of a class of the notebook are instances of the one that is here, if that is written the same way. */
  #findOwn(): void {
    const { own } = this.#realm
    const { kinds, tags, shells } = this.content
    if (!own) return
    for (const [id, tag] of tags.entries()) {
      if (kinds[tag] !== 'function') continue
      const { isNamed, name = '', code } = shells[id] as FunctionShell
      const here = isNamed ? own(name) : undefined
      if (typeof here !== 'function' || sourceFacts(Function.prototype.toString.call(here))?.code !== code) continue
      this.#made[id] = here
      this.#isMade[id] = true
      this.#own.add(id)
    }
    if (this.#own.size === 0) return
    for (const [id, tag] of tags.entries()) if (kinds[tag] === 'prototype' && this.#own.has(shells[id] as number)) this.#own.add(id)
  }

  /** What made an instance of a class that extends none has given it those of that class already. */
  #addPrivateMembers(): void {
    const { privates, kinds, tags, shells } = this.content
    const owners = new Map<Function, object[]>()
    for (let i = 0; i < privates.length; i += 3) {
      const [id, typeId, fields] = [privates[i]!, privates[i + 1]!, privates[i + 2]!]
      if (this.#own.has(id)) continue
      const [owner, type] = [this.make(id) as object, this.make(typeId) as Function]
      const isThere = owner === type || (kinds[tags[id]!] === 'instance' && shells[id] === typeId)
      if (!isThere) owners.set(type, owners.get(type) ?? []).get(type)!.push(owner)
      this.atLast(() => fillPrivateFields(type, owner, shells[fields] as unknown[]))
    }
    for (const [type, objects] of owners) addPrivateMembers(type, objects)
  }

  #maker(id: number): Maker {
    return this.#makers[this.content.tags[id]!]!
  }

  #link(owner: number, key: number | string, target: number): void {
    const shell = this.content.shells[owner] as object
    if (!this.#maker(target).late || this.#isMade[target]) return set(shell, key, this.make(target))
    this.#missing.set(owner, (this.#missing.get(owner) ?? 0) + 1)
    this.#postpone(target, () => {
      set(shell, key, this.make(target))
      const missing = this.#missing.get(owner)! - 1
      this.#missing.set(owner, missing)
      if (missing === 0) this.#complete(owner)
    })
  }

  #define(property: OwnProperty): void {
    const [owner, key, flags, value] = property
    const late = flags & flag.link && this.#maker(value as number).late
    if (late) this.#postpone(value as number, () => defineProperty(this.make(owner), key, property, this))
    else defineProperty(this.make(owner), key, property, this)
  }

  #postpone(target: number, then: () => void): void {
    const waiting = this.#postponed.get(target)
    if (waiting) waiting.push(then)
    else this.#postponed.set(target, [then])
  }

  #complete(id: number): void {
    this.#maker(id).complete?.(this.#made[id], this.content.shells[id])
  }

  #makeLate(id: number): void {
    this.make(id)
    for (const then of this.#postponed.get(id) ?? []) then()
  }
}

function set(shell: object, key: number | string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(shell, key, { value })
  else (shell as Record<number | string, unknown>)[key] = value
}

function defineProperty(owner: unknown, key: unknown, property: OwnProperty, from: Restoration): void {
  const [, , flags, value, setter] = property
  const name = (flags & flag.symbol ? from.make(key as number) : key) as PropertyKey
  if (flags & flag.missing && Object.hasOwn(owner as object, name)) return
  const common = { enumerable: (flags & flag.enumerable) > 0, configurable: (flags & flag.configurable) > 0 }
  const part = (id: number): unknown => (id < 0 ? undefined : from.make(id))
  const descriptor = flags & flag.accessor
    ? { ...common, get: part(value as number), set: part(setter!) }
    : { ...common, writable: (flags & flag.writable) > 0, value: flags & flag.link ? from.make(value as number) : value }
  Object.defineProperty(owner, name, descriptor as PropertyDescriptor)
}

function pairs(list: readonly number[], each: (first: number, second: number) => void): void {
  for (let i = 0; i < list.length; i += 2) each(list[i]!, list[i + 1]!)
}

const restrictions: Readonly<Record<number, (value: unknown) => unknown>> = {
  1: value => Object.preventExtensions(value),
  2: value => Object.seal(value),
  3: value => Object.freeze(value),
}
