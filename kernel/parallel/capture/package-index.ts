import { isModuleNamespaceObject } from 'node:util/types'
import type { PackageFile } from '../../runtime/package-files.ts'
import { packageNames } from '../cluster/needed-packages.ts'
import type { Origin } from './module-index.ts'
import { Owners } from './owners.ts'
import type { Scope } from './parcel.ts'
import { isBuiltin } from './refusals.ts'

/** A realm loads a module once, so what is known of it stays true. */
const owners = new Owners()
const studied = new Set<string>()

export const isPackageFile = (file: string): boolean => /[\\/]node_modules[\\/]/.test(file)

/**
 * Finds values that npm packages keep for themselves, in modules that no cell has imported: these modules, their
 * exports, and what is in variables around them, such as a WeakMap that a library remembers things in. `files`: where
 * captured functions are from.
 */
export function packageOriginOf(value: object, files: Iterable<string>, scope: Scope): Origin | undefined {
  for (const file of files) {
    if (studied.has(file)) continue
    studied.add(file)
    const all = scope.files?.of(file) ?? []
    for (const each of all) studyExports(each)
    const own = all.find(each => each.isAt(file))
    if (own) studyScopes(own, file, scope)
  }
  const path = owners.path(value)
  return path && { specifier: path[0]!, steps: path.slice(1) }
}

/** What the notebook has imported of the same package: that may be what sets it up. */
export function importsOfPackage({ specifier }: Origin, { modules = new Map() }: Scope): string[] {
  const [name] = packageNames([specifier])
  return Array.from(modules.keys()).filter(each => each === name || each.startsWith(`${name}/`))
}

function studyExports({ specifier, namespace }: PackageFile): void {
  if (studied.has(specifier)) return
  const exports = namespace()
  if (!exports) return
  studied.add(specifier)
  owners.add(exports, [specifier], 1)
}

/** What is around the functions of a module is told by one that it exports. */
function studyScopes({ specifier, namespace }: PackageFile, file: string, scope: Scope): void {
  for (const [steps, fn] of functionsOf(namespace() ?? {})) {
    if (scope.location(fn)?.file !== file) continue
    for (const [level, { variables }] of scope.closure(fn).toReversed().entries()) {
      for (const [name, value] of Object.entries(variables)) {
        if (isOwn(value, scope)) owners.add(value, [specifier, ...steps, `(${level})`, `.${name}`], 0)
      }
    }
    return
  }
}

/** Exported functions; CommonJS exports them by an object. */
function* functionsOf(namespace: object): Generator<[steps: readonly string[], fn: Function]> {
  for (const [name, value] of Object.entries(namespace)) {
    if (typeof value === 'function') yield [[`.${name}`], value]
  }
  const { default: whole } = namespace as { readonly default?: unknown }
  if (typeof whole !== 'object' || whole === null) return
  for (const [name, value] of Object.entries(whole)) if (typeof value === 'function') yield [['.default', `.${name}`], value]
}

/** Whether it is the package's: plain objects, and those of the user's classes, may be what somebody has given to it. */
function isOwn(value: unknown, scope: Scope): boolean {
  if (typeof value !== 'object' || value === null) return false
  if (isModuleNamespaceObject(value)) return true
  const type: unknown = Object.getPrototypeOf(value)?.constructor
  if (typeof type !== 'function' || type === Object || type === Array) return false
  const { file = '' } = scope.location(type) ?? {}
  return isPackageFile(file) || isBuiltin(type, scope)
}
