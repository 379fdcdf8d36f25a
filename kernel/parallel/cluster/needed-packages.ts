import { readFileSync } from 'node:fs'
import { findPackageJSON, isBuiltin } from 'node:module'
import type { Package } from '../../cluster/ticket.ts'
import { PACKAGE_FILE } from '../../runtime/package-files.ts'

const OWN = 'paracell'

/** The npm packages behind some imports, in the versions that this place has. Files, and what is not there, are none. */
export function neededPackages(imports: readonly string[], place: string | URL): Package[] {
  return [...packageNames(imports)].flatMap(name => {
    const version = versionOf(name, place)
    return version === undefined ? [] : [{ name, version }]
  })
}

/** The names of the npm packages among some imports. */
export function packageNames(imports: readonly string[]): ReadonlySet<string> {
  return new Set(imports.flatMap(specifier => nameOf(specifier) ?? []))
}

/** The version of a package that a module at this place would get; undefined when it would get none. */
export function versionOf(name: string, place: string | URL): string | undefined {
  try {
    const file = findPackageJSON(name, place)
    return file === undefined ? undefined : (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version
  } catch {
    return undefined
  }
}

function nameOf(specifier: string): string | undefined {
  const wanted = specifier.startsWith(PACKAGE_FILE) ? specifier.slice(PACKAGE_FILE.length) : specifier
  if (/^[./#]|^[a-z]+:/i.test(wanted) || isBuiltin(wanted)) return undefined
  const [name] = /^(@[^/]+\/)?[^/]+/.exec(wanted) ?? []
  return name === OWN ? undefined : name
}
