import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type * as TsConfig from 'get-tsconfig'

const load = createRequire(import.meta.url)

/** What a name may mean by the `paths` of the next tsconfig.json, in a folder or above it: paths of files, perhaps without their endings. */
export function aliased(specifier: string, folder: string): readonly string[] {
  const found = nextTsconfig(folder)
  if (!found) return []
  const { createPathsMatcher } = load('get-tsconfig') as typeof TsConfig
  return createPathsMatcher(found)?.(specifier) ?? []
}

/** Those `paths`, with full names of files. None where the file can't be read: TypeScript says why. */
export function aliasesIn(folder: string): Readonly<Record<string, readonly string[]>> {
  const { path: file = '', config: { compilerOptions: { baseUrl = '.', paths = {} } = {} } = {} } = readable(folder) ?? {}
  const absolute = (target: string): string => path.resolve(path.dirname(file), baseUrl, target)
  return Object.fromEntries(Object.entries(paths).map(([pattern, targets]) => [pattern, targets.map(absolute)]))
}

function readable(folder: string): TsConfig.TsConfigResult | undefined {
  try {
    return nextTsconfig(folder)
  } catch {
    return undefined
  }
}

/** Nothing is loaded where there is none. */
function nextTsconfig(folder: string): TsConfig.TsConfigResult | undefined {
  const file = path.join(folder, 'tsconfig.json')
  if (existsSync(file)) return { path: file, config: (load('get-tsconfig') as typeof TsConfig).parseTsconfig(file) }
  const above = path.dirname(folder)
  return above === folder ? undefined : nextTsconfig(above)
}
