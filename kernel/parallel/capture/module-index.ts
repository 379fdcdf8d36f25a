import { types } from 'node:util'
import { keysAtLoad } from '../../runtime/at-load.ts'
import type { LoadedModules } from '../../runtime/modules.ts'
import { Owners } from './owners.ts'

/** Which module a value comes from, and the steps from its namespace to the value. */
export interface Origin {
  readonly specifier: string
  readonly steps: readonly string[]
}

/** How deep exports are looked into: a namespace, a class, its prototype, that one's methods. */
const DEPTH = 4

/** What a holder got when its module was loaded: a plain object may have been given anything since. */
function keysSinceLoading(holder: object): readonly (string | symbol)[] {
  const known = keysAtLoad(holder)
  if (known) return Reflect.ownKeys(holder).filter(key => known.has(key))
  return isClass(holder) || types.isModuleNamespaceObject(holder) ? Reflect.ownKeys(holder) : []
}

/** Whether it is a function, or its prototype. */
function isClass(holder: object): boolean {
  if (typeof holder === 'function') return true
  const type: unknown = Object.getOwnPropertyDescriptor(holder, 'constructor')?.value
  return typeof type === 'function' && type.prototype === holder
}

const indexes = new WeakMap<LoadedModules, { readonly state: number; readonly owners: Owners }>()

/** Finds values that the notebook's imported modules export, so that they are imported again and never copied. */
export function originOf(value: unknown, modules: LoadedModules | undefined): Origin | undefined {
  if (!modules || modules.size === 0) return undefined
  const path = indexOf(modules).path(value)
  return path && { specifier: path[0]!, steps: path.slice(1) }
}

function indexOf(modules: LoadedModules): Owners {
  const known = indexes.get(modules)
  const { size, changes: state = size } = modules
  if (known?.state === state) return known.owners
  const owners = new Owners()
  for (const [specifier, namespace] of modules) {
    if (types.isModuleNamespaceObject(namespace)) owners.add(namespace, [specifier], DEPTH, keysSinceLoading)
  }
  indexes.set(modules, { state, owners })
  return owners
}
