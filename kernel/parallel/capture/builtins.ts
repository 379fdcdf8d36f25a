import { builtinModules } from 'node:module'
import { globals } from './globals.ts'
import { follow, Owners } from './owners.ts'

/** Where a builtin is found: a global or a module of Node, then the steps that lead on. */
export type BuiltinPath = readonly string[]

const arrayIterator = Object.getPrototypeOf([][Symbol.iterator]()) as object
const generator = Object.getPrototypeOf(function* () {}) as object
const asyncGenerator = Object.getPrototypeOf(async function* () {}) as object

/** What no global leads to. */
const hidden: Record<string, object> = {
  'Array Iterator': arrayIterator,
  'Set Iterator': Object.getPrototypeOf(new Set().values()),
  'Map Iterator': Object.getPrototypeOf(new Map().values()),
  'TypedArray': Object.getPrototypeOf(Uint8Array),
  'GeneratorFunction': generator,
  'AsyncGeneratorFunction': asyncGenerator,
  'AsyncFunction': Object.getPrototypeOf(async () => {}),
}

/** Storage in a browser's manner: reading them warns. */
const untouched = new Set(['localStorage', 'sessionStorage'])

const owners = new Owners()
let knowsGlobals = false
let loadedModules = -1

/** Makes a class of the kernel known by a name that all realms have for it, so that it is never copied. */
export function registerClass(type: Function): void {
  hidden[type.name] = type
  owners.add(type, [`hidden:${type.name}`], 3)
}

/** The path of a function, prototype, namespace object or symbol that every realm of Node has by itself. */
export function builtinPath(value: unknown): BuiltinPath | undefined {
  if (!knowsGlobals) indexGlobals()
  return owners.path(value)
}

/** Looks also where looking costs time: into Node's modules and those globals that are made when they are first used. */
export function rareBuiltinPath(value: unknown): BuiltinPath | undefined {
  const found = builtinPath(value)
  if (found) return found
  indexLazyGlobals()
  indexModules()
  return owners.path(value)
}

/** The builtin at a path that another thread or process of the same Node gave. */
export function builtinAt([root, ...steps]: BuiltinPath): unknown {
  const name = root!.slice(root!.indexOf(':') + 1)
  return follow(rootOf(root!, name), steps)
}

function rootOf(root: string, name: string): unknown {
  if (root.startsWith('module:')) return process.getBuiltinModule(name)
  if (root.startsWith('hidden:')) return hidden[name]
  const descriptor = globals()[name]
  return descriptor?.get ? descriptor.get.call(globalThis) : descriptor?.value
}

function indexGlobals(): void {
  knowsGlobals = true
  owners.add(globalThis, ['global:globalThis'], 0)
  for (const [name, { value }] of Object.entries(globals())) owners.add(value, [`global:${name}`], 3)
  for (const [name, value] of Object.entries(hidden)) owners.add(value, [`hidden:${name}`], 3)
}

let lazyGlobals = false

function indexLazyGlobals(): void {
  if (lazyGlobals) return
  lazyGlobals = true
  for (const [name, { get }] of Object.entries(globals()) as [string, PropertyDescriptor][]) {
    if (get && !untouched.has(name)) owners.add(get.call(globalThis), [`global:${name}`], 3)
  }
}

function indexModules(): void {
  const loaded = (process as unknown as { readonly moduleLoadList: readonly string[] }).moduleLoadList
  if (loaded.length === loadedModules) return
  loadedModules = loaded.length
  const names = new Set(loaded.map(name => name.replace(/^NativeModule /, '')))
  for (const name of builtinModules) {
    if (names.has(name.replace(/^node:/, ''))) owners.add(process.getBuiltinModule(name), [`module:${name}`], 3)
  }
}
