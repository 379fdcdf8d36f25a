import { instances } from '../../language/runtime.ts'
import { rareBuiltinPath } from './builtins.ts'
import { isLinked, type Draft } from './draft.ts'
import { packStatics } from './pack-class.ts'
import { functionFacts, wasNamed } from './function-facts.ts'
import { inherent, plainName } from './function-properties.ts'
import { lostNames, packFreeNames } from './pack-names.ts'
import type { BoundFunction } from './parcel.ts'
import { packPrivateStatics } from './private-members.ts'
import { isPackageFile } from './package-index.ts'
import { packProperties, packPrototypeOf } from './properties.ts'
import { isBuiltin } from './refusals.ts'
import { loadedBy, sourceFacts, type SourceFacts } from './source-facts.ts'
import type { Trail } from './trail.ts'

/** What a worker needs to make a function: its code and where it stood. */
export interface FunctionShell {
  readonly code: string
  /** How many characters of `code` come before the function's text, which is what stood at the place. */
  readonly indent: number
  readonly file: string
  readonly line: number
  readonly column: number
  /** The scope that it closes over, or -1. */
  readonly scope: number
  readonly name: string | undefined
  /** `this` of an arrow function, or what holds a method that uses `super`; -1 where it does not matter. */
  readonly self: number
  /** For a method: which part of the property that `code` makes. */
  readonly part: 'value' | 'get' | 'set' | undefined
  /** Whether it is a class that the notebook knows by its name. */
  readonly isNamed: boolean
  /** Names that are used while a class comes into being. */
  readonly eager: readonly string[]
}

export interface BoundShell {
  readonly target: number
  /** `this`, then the arguments: numbers of values, -1 for primitives. */
  readonly ids: readonly number[]
  readonly primitives: readonly unknown[]
}

export function packFunction(draft: Draft, id: number, fn: Function, trail: Trail): void {
  const source = Function.prototype.toString.call(fn)
  const facts = sourceFacts(source)
  if (!facts || isBuiltin(fn, draft.scope)) return packWithoutSource(draft, id, fn, source, trail)
  const refusal = refusalOfSource(fn, facts)
  if (refusal) return draft.obstacle(trail, ...refusal)
  const self = selfOf(draft, source, facts, trail)
  if (self === undefined) return draft.obstacle(trail, ...borrowed('this'))
  const [lost] = lostNames(draft, fn, facts.eager)
  if (lost) return draft.obstacle(trail, ...lostName(lost))
  const place = draft.scope.location(fn) ?? { file: 'function', line: 1, column: 1 }
  if (isPackageFile(place.file)) draft.packageFiles.add(place.file)
  const scope = packFreeNames(draft, fn, facts.free, trail)
  const { code, indent, part, eager } = facts
  const isNamed = facts.class !== undefined && isTopLevel(draft, fn)
  const shell: FunctionShell = { ...place, indent, code, scope, self, part, isNamed, eager, name: plainName(fn) }
  draft.shell(id, 'function', shell)
  for (const specifier of loadedBy(source)) draft.loaded.add(specifier)
  if (facts.class) {
    packPrivateStatics(draft, id, fn, trail)
    return packStatics(draft, id, fn, facts.class, trail)
  }
  if (!functionPrototypes.has(Object.getPrototypeOf(fn) as object)) packPrototypeOf(draft, id, fn, undefined, trail)
  packProperties(draft, id, fn, ownKeys(draft, fn, trail), trail)
}

function isTopLevel({ scope }: Draft, fn: Function): boolean {
  if (wasNamed(fn)) return true
  const binding = scope.lookup(fn.name)
  return binding?.kind === 'variable' && binding.value === fn
}

const borrowed = (what: string): [string, string] => [
  `an arrow function that uses "${what}" of the function around it`,
  `give it to the arrow function in a variable: const value = ${what}`,
]

const lostName = (name: string): [string, string] => [
  `a class with a member named by a function's variable "${name}"`,
  `declare "${name}" in a cell`,
]

function refusalOfSource(fn: Function, { borrowed: what, class: type }: SourceFacts): readonly [string, string] | undefined {
  if (what) return borrowed(what)
  if (!type || type.privateStatics.length === 0 || instances.accessTo(fn)?.statics) return undefined
  const names = type.privateStatics.join(', ')
  return [`a class with private static fields (${names})`, 'declare it in a cell or a local .ts file, or say "private" in place of "#"']
}

/** The number of what the function needs as `this` or for `super`, -1 for none, undefined when it can't be known. */
function selfOf(draft: Draft, source: string, facts: SourceFacts, { holder, from }: Trail): number | undefined {
  if (facts.usesSuper) return holder && from ? draft.refer(holder, from) : -1
  if (!facts.lexicalThis) return -1
  // A field of a class: the arrow function stands in the class and hangs on an instance, or on the class itself.
  const owner = typeof holder === 'function' ? holder : (holder?.constructor as unknown)
  const field = holder && from && typeof owner === 'function' && inClass(owner, source)
  return field ? draft.refer(holder, from) : undefined
}

function inClass(type: Function, source: string): boolean {
  for (let at: unknown = type; typeof at === 'function'; at = Object.getPrototypeOf(at)) {
    const text = String(at)
    if (text.startsWith('class') && text.includes(source)) return true
  }
  return false
}

/** Prototypes that a function has by the way it is written. */
const functionPrototypes = new Set<object>(
  [() => {}, async () => {}, function* () {}, async function* () {}].map(each => Object.getPrototypeOf(each) as object),
)

/** Own properties that a function does not have by itself. */
function ownKeys(draft: Draft, fn: Function, trail: Trail): (string | symbol)[] {
  const named = plainName(fn) !== undefined
  return Reflect.ownKeys(fn).filter(key => {
    if (key === 'name') return !named
    if (key === 'prototype') return hasOwnKindOfPrototype(draft, fn, trail)
    return !inherent.has(key)
  })
}

/** Whether its prototype is another than the one that came with it; that one is captured here if it was added to. */
function hasOwnKindOfPrototype(draft: Draft, fn: Function, trail: Trail): boolean {
  const prototype: unknown = fn.prototype
  if (!isLinked(prototype) || typeof prototype === 'symbol') return true
  const own = Reflect.ownKeys(prototype)
  const constructor = Object.getOwnPropertyDescriptor(prototype, 'constructor')
  if (constructor?.value !== fn) return own.length > 0
  const changed = own.length > 1 || Object.getPrototypeOf(prototype) !== Object.prototype
  if (changed) draft.refer(prototype, { from: trail, step: '.prototype' })
  return false
}

function packWithoutSource(draft: Draft, id: number, fn: Function, source: string, trail: Trail): void {
  const path = rareBuiltinPath(fn)
  if (path) return draft.shell(id, 'builtin', path)
  const bound = draft.scope.bound?.(fn) ?? functionFacts().bound(fn)
  if (bound) return packBound(draft, id, bound, trail)
  const native = source.endsWith('{ [native code] }') || isBuiltin(fn, draft.scope)
  if (native) return draft.obstacle(trail, 'a function inside of Node', 'make it inside the function')
  const what = 'a function that uses private names of its class, or import.meta'
  draft.obstacle(trail, what, 'send the object that it belongs to', id)
}

function packBound(draft: Draft, id: number, { target, self, args }: BoundFunction, trail: Trail): void {
  const values = [self, ...args]
  const ids = values.map((value, i) => {
    const step = i === 0 ? ' bound this' : ` bound argument ${i}`
    return isLinked(value) ? draft.refer(value, { from: trail, step }) : -1
  })
  const shell: BoundShell = {
    target: draft.refer(target as Function, { from: trail, step: '' }),
    ids,
    primitives: values.map(value => (isLinked(value) ? undefined : value)),
  }
  draft.shell(id, 'bound', shell)
}
