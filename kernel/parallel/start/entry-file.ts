import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The absolute path of an entry that lies beside this file: its source while running from source, its bundle in a build.
 *
 * @example entryFile('spawn-entry') // …/spawn-entry.ts, or …/spawn-entry.js
 */
export function entryFile(name: string): string {
  const extension = extname(fileURLToPath(import.meta.url))
  return fileURLToPath(new URL(`./${name}${extension}`, import.meta.url))
}
