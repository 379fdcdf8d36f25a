import { isModuleNamespaceObject, isProxy } from 'node:util/types'

/** How deep exports are looked into: a namespace in a namespace, an object in that. */
const DEPTH = 3

type Keys = ReadonlySet<PropertyKey>

/** What plain objects and prototypes of classes had when the modules that export them were loaded. */
const atLoad = new WeakMap<object, Keys>()
const bare: Keys = new Set(['constructor'])
/** The same of exported functions. */
const functionsAtLoad = new WeakMap<object, Keys>()
const usual: Keys = new Set(['length', 'name', 'prototype', 'arguments', 'caller'])

/** Notes what the exports of a module have that was just loaded: libraries may add to them when they are first used. */
export function noteExports(namespace: object): void {
  noteHolder(namespace, DEPTH)
}

/** The keys that a plain object or prototype had when its module was loaded; undefined for those that no module exports. */
export function keysAtLoad(holder: object): Keys | undefined {
  return atLoad.get(holder)
}

/** The keys that it got later. */
export function addedKeys(holder: unknown): (string | symbol)[] {
  const known = typeof holder === 'object' && holder !== null ? atLoad.get(holder) : undefined
  return known ? Reflect.ownKeys(holder as object).filter(key => !known.has(key)) : []
}

/** The names of what an exported function got later, itself or for what it makes. */
export function addedToFunction(value: unknown): string[] {
  const known = typeof value === 'function' ? functionsAtLoad.get(value) : undefined
  if (!known) return []
  const added = Reflect.ownKeys(value as Function).filter(key => !known.has(key))
  return [...added, ...addedKeys((value as Function).prototype)].filter(key => typeof key === 'string')
}

function noteHolder(holder: object, depth: number): void {
  if (atLoad.has(holder)) return
  const keys = Reflect.ownKeys(holder)
  atLoad.set(holder, keys.length === 1 && keys[0] === 'constructor' ? bare : new Set(keys))
  if (depth === 0) return
  for (const key of keys) noteValue(Object.getOwnPropertyDescriptor(holder, key)?.value, depth - 1)
}

function noteValue(value: unknown, depth: number): void {
  if (isProxy(value)) return
  if (typeof value === 'function') {
    const keys = Reflect.ownKeys(value)
    functionsAtLoad.set(value, keys.every(key => usual.has(key)) ? usual : new Set(keys))
    const prototype: unknown = Object.getOwnPropertyDescriptor(value, 'prototype')?.value
    if (typeof prototype === 'object' && prototype !== null) noteHolder(prototype, 0)
  } else if (isPlain(value)) noteHolder(value, depth)
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null || isModuleNamespaceObject(value)
}
