import path from 'node:path'
import type { TsConfigResult } from 'get-tsconfig'
import { tsconfigIn, tsconfigReader } from './tsconfig.ts'

/** What a name may mean by the `paths` of the next tsconfig.json, in a folder or above it: paths of files, perhaps without their endings. */
export function aliased(specifier: string, folder: string): readonly string[] {
  const found = nextTsconfig(folder)
  return found ? (tsconfigReader().createPathsMatcher(found)?.(specifier) ?? []) : []
}

/** Those `paths`, with full names of files. None where the file can't be read: TypeScript says why. */
export function aliasesIn(folder: string): Readonly<Record<string, readonly string[]>> {
  const { path: file = '', config: { compilerOptions: { baseUrl = '.', paths = {} } = {} } = {} } = readable(folder) ?? {}
  const absolute = (target: string): string => path.resolve(path.dirname(file), baseUrl, target)
  return Object.fromEntries(Object.entries(paths).map(([pattern, targets]) => [pattern, targets.map(absolute)]))
}

function readable(folder: string): TsConfigResult | undefined {
  try {
    return nextTsconfig(folder)
  } catch {
    return undefined
  }
}

function nextTsconfig(folder: string): TsConfigResult | undefined {
  const above = path.dirname(folder)
  return tsconfigIn(folder) ?? (above === folder ? undefined : nextTsconfig(above))
}
