import { types } from 'node:util'
import { Owners } from './owners.ts'

/** Which module a value comes from, and the steps from its namespace to the value. */
export interface Origin {
  readonly specifier: string
  readonly steps: readonly string[]
}

const indexes = new WeakMap<ReadonlyMap<string, object>, { readonly size: number; readonly owners: Owners }>()

/** Finds values that the notebook's imported modules export, so that they are imported again and never copied. */
export function originOf(value: unknown, modules: ReadonlyMap<string, object> | undefined): Origin | undefined {
  if (!modules || modules.size === 0) return undefined
  const path = indexOf(modules).path(value)
  return path && { specifier: path[0]!, steps: path.slice(1) }
}

function indexOf(modules: ReadonlyMap<string, object>): Owners {
  const known = indexes.get(modules)
  if (known?.size === modules.size) return known.owners
  const owners = new Owners()
  for (const [specifier, namespace] of modules) {
    if (types.isModuleNamespaceObject(namespace)) owners.add(namespace, [specifier], 4)
  }
  indexes.set(modules, { size: modules.size, owners })
  return owners
}
