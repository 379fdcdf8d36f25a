import { v8Bytes } from './bytes.ts'
import { captureForeign } from './foreign.ts'
import type { Obstacle } from './cannot-travel.ts'
import { flag, type Content, type OwnProperty } from './content.ts'
import type { ClosureScope, Mode, Parcel, Scope } from './parcel.ts'
import { ScopeIdentity } from './scope-identity.ts'
import { spell, type Trail } from './trail.ts'

interface Pending {
  readonly id: number
  readonly value: object | symbol
  readonly trail: Trail
}

/** A content in the making: numbers values, collects their shells and what is in the way. */
export class Draft {
  readonly scope: Scope
  readonly mode: Mode
  readonly obstacles: Obstacle[] = []
  readonly shared: object[] = []
  /** What another realm has to capture. */
  readonly foreign: object[] = []
  readonly transfer: Parcel['transfer'][number][] = []
  readonly globals: Record<string, unknown> = {}
  readonly imports: Record<string, readonly [string, string]> = {}
  /** Names that were added to what a module exports, and the module. */
  readonly additions: Record<string, string> = {}
  readonly constants: string[] = []
  readonly remotes: string[] = []
  readonly modules = new Set<string>()
  /** Modules that functions may load later. */
  readonly loaded = new Set<string>()
  /** Files of packages that captured functions are from. */
  readonly packageFiles = new Set<string>()
  readonly #settled = new Set<number>()
  /** Those that somebody else may settle. */
  readonly #obstacles = new Map<number, Obstacle>()
  readonly #names = new Set<string>()
  readonly #scopes = new Map<unknown, number>()
  readonly #variables = new Map<number, object>()
  readonly #identity = new ScopeIdentity()
  readonly #parents: number[] = []
  readonly #ids = new Map<unknown, number>()
  readonly #pending: Pending[] = []
  readonly #kinds = new Map<string, number>()
  readonly #tags: number[] = []
  readonly #shells: unknown[] = []
  readonly #links: (number | string)[] = []
  readonly #properties: OwnProperty[] = []
  readonly #prototypes: number[] = []
  readonly #integrity: number[] = []
  readonly #privates: number[] = []

  constructor(scope: Scope, mode: Mode) {
    this.scope = scope
    this.mode = mode
  }

  /** The next value whose shell is still to be made: the newest, so that what belongs together comes together. */
  next(): Pending | undefined {
    let pending = this.#pending.pop()
    while (pending && this.#settled.has(pending.id)) pending = this.#pending.pop()
    return pending
  }

  /** A number for something that is no value of the notebook. */
  reserve(kind: string, shell: unknown): number {
    const id = this.#shells.length
    this.shell(id, kind, shell)
    return id
  }

  /** The number of a value; one that is new will be asked for by `next`. */
  refer(value: object | symbol, trail: Trail): number {
    const known = this.#ids.get(value)
    if (known !== undefined) return known
    const id = this.#shells.push(undefined) - 1
    this.#ids.set(value, id)
    this.#pending.push({ id, value, trail })
    return id
  }

  /** Settles how a value is made, also when it was reached in another way before. */
  shell(id: number, kind: string, shell: unknown): void {
    let tag = this.#kinds.get(kind)
    if (tag === undefined) this.#kinds.set(kind, (tag = this.#kinds.size))
    this.#tags[id] = tag
    this.#shells[id] = shell
  }

  /** Settles how a value is made, whether or not it was reached before, for good. */
  settle(value: object, kind: string, shell: unknown): void {
    const known = this.#ids.get(value)
    const id = known ?? this.reserve(kind, shell)
    this.#ids.set(value, id)
    this.#settled.add(id)
    const obstacle = this.#obstacles.get(id)
    if (obstacle) this.obstacles.splice(this.obstacles.indexOf(obstacle), 1)
    this.shell(id, kind, shell)
  }

  /** Whether the notebook's name is used for the first time. */
  firstUse(name: string): boolean {
    if (this.#names.has(name)) return false
    this.#names.add(name)
    return true
  }

  /** The scopes that a function closes over, innermost first. */
  closure(fn: Function): readonly ClosureScope[] {
    const chain = this.scope.closure(fn)
    if (chain.length === 0) return chain
    const { file = '', line = 0, column = 0 } = this.scope.location(fn) ?? {}
    return this.#identity.identify(chain, `${file}:${line}:${column}`)
  }

  /** The number of a scope, given with those around it, innermost first. */
  scopeOf([{ id: key }, ...outer]: Chain): number {
    const known = this.#scopes.get(key)
    if (known !== undefined) return known
    const parent = isChain(outer) ? this.scopeOf(outer) : -1
    const variables = {}
    const id = this.reserve('scope', variables)
    this.#scopes.set(key, id)
    this.#variables.set(id, variables)
    this.#parents.push(id, parent)
    return id
  }

  variablesOf(scope: number): object {
    return this.#variables.get(scope)!
  }

  /** Puts a value into a shell, whatever the value is. */
  put(id: number, shell: object, key: number | string, value: unknown, trail: Trail): void {
    const place = shell as Record<number | string, unknown>
    const primitive = !isLinked(value)
    if (key === '__proto__') Object.defineProperty(shell, key, { value: primitive ? value : undefined, ...plain })
    else place[key] = primitive ? value : undefined
    if (!primitive) this.#links.push(id, key, this.refer(value, trail))
  }

  prototype(id: number, prototype: object | null, trail: Trail): void {
    const step = { from: trail, step: '' }
    this.#prototypes.push(id, prototype === null ? -1 : this.refer(prototype, step))
  }

  /** The private fields that an object has by a class, or a class itself. Returns the number of the class. */
  privateFields(owner: number, type: Function, names: readonly string[], values: readonly unknown[], trail: Trail): number {
    const shell: unknown[] = []
    const fields = this.reserve('record', shell)
    for (const [i, value] of values.entries()) this.put(fields, shell, i, value, { ...trail, step: `.${names[i]}` })
    const id = this.refer(type, { ...trail, step: ` (class ${type.name})` })
    this.#privates.push(owner, id, fields)
    return id
  }

  integrity(id: number, value: object): void {
    if (Object.isExtensible(value)) return
    this.#integrity.push(id, Object.isFrozen(value) ? 3 : Object.isSealed(value) ? 2 : 1)
  }

  /** An own property with its attributes; `more` flags. */
  property(id: number, holder: object, key: string | symbol, trail: Trail, more = 0): void {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key)!
    const at = (part: string): Trail => ({ from: trail, step: part, key, holder })
    let flags = more | (descriptor.enumerable ? flag.enumerable : 0) | (descriptor.configurable ? flag.configurable : 0)
    const name = typeof key === 'symbol' ? this.refer(key, at('')) : key
    if (typeof key === 'symbol') flags |= flag.symbol
    if ('value' in descriptor) {
      if (descriptor.writable) flags |= flag.writable
      const { value } = descriptor
      if (isLinked(value)) this.#properties.push([id, name, flags | flag.link, this.refer(value, at(''))])
      else this.#properties.push([id, name, flags, value])
      return
    }
    const part = (fn: Function | undefined, kind: string): number => (fn ? this.refer(fn, at(kind)) : -1)
    const { get, set } = descriptor
    this.#properties.push([id, name, flags | flag.accessor, part(get, ' get '), part(set, ' set ')])
  }

  /** `id`: of a value that is none, if what is captured later knows better how it is made. */
  obstacle(trail: Trail, what: string, hint: string, id?: number): void {
    const obstacle = { path: spell(trail), what, hint }
    this.obstacles.push(obstacle)
    if (id !== undefined) this.#obstacles.set(id, obstacle)
  }

  finish(): Parcel {
    const content: Content = {
      kinds: [...this.#kinds.keys()],
      tags: Uint8Array.from(this.#tags),
      shells: this.#shells,
      links: this.#links,
      properties: this.#properties,
      prototypes: this.#prototypes,
      integrity: this.#integrity,
      privates: this.#privates,
      parents: this.#parents,
      constants: this.constants,
      remotes: this.remotes,
      imports: this.imports,
      modules: [...this.modules],
      foreign: this.#captureForeign(),
    }
    const imports = [...this.modules.union(this.loaded)]
    const more = { ...(imports.length > 0 ? { imports } : {}), ...(Object.keys(this.additions).length > 0 ? { additions: this.additions } : {}) }
    return { data: v8Bytes(content), shared: this.shared, transfer: this.transfer, ...more }
  }

  #captureForeign(): Content['foreign'] {
    if (this.foreign.length === 0) return undefined
    const { data, shared } = captureForeign(this.foreign, this.mode)
    const first = this.shared.length
    this.shared.push(...shared)
    return { data, first }
  }
}

const plain = { writable: true, enumerable: true, configurable: true } as const

/** A scope and those around it, innermost first. */
export type Chain = readonly [ClosureScope, ...ClosureScope[]]

export const isChain = (chain: readonly ClosureScope[]): chain is Chain => chain.length > 0

/** Whether a value has to be made, and can't simply be written down. */
export const isLinked = (value: unknown): value is object | symbol =>
  (typeof value === 'object' && value !== null) || typeof value === 'function' || typeof value === 'symbol'
