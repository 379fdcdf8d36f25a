import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type * as TsConfig from 'get-tsconfig'

/** What reads them is loaded where there is one. */
export const tsconfigReader = (): typeof TsConfig => createRequire(import.meta.url)('get-tsconfig') as typeof TsConfig

/** The tsconfig.json of a folder, with what it extends. */
export function tsconfigIn(folder: string): TsConfig.TsConfigResult | undefined {
  const file = path.join(folder, 'tsconfig.json')
  return existsSync(file) ? { path: file, config: tsconfigReader().parseTsconfig(file) } : undefined
}
