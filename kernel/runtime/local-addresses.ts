import { statSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

/** Milliseconds for which a look at the disk holds, among the files that import each other. */
const FRESH = 100

/** What marks the state of a local file in its address. */
export const VERSION = /\?modified=[^:)\s]*/

interface Imported {
  readonly url: URL
  readonly modified: number | undefined
  /** What it imports, with the addresses by which it has them. */
  readonly imports: Map<string, string>
  /** Whether it lacks something. */
  isBroken: boolean
}

/** By which addresses local files are imported: another one when a file, or one of those that it imports, has changed, so that it is imported anew. */
export class LocalAddresses {
  readonly #imported = new Map<string, Imported>()
  readonly #importers = new Map<string, Imported>()
  readonly #fresh = new Map<string, number>()
  #count = 0

  /** The address of a file for who imports it. */
  of(file: string, parent: string): URL {
    const importer = this.#importers.get(parent)
    // A cell may have written it a moment ago.
    if (!importer) this.#fresh.clear()
    const last = this.#imported.get(file)
    const { url } = last && !this.#hasChanged(file) ? last : this.#renew(file)
    importer?.imports.set(file, url.href)
    return url
  }

  /** A file could not import something: who imports it anew tries again. */
  lacks(parent: string): void {
    const importer = this.#importers.get(parent)
    if (importer) importer.isBroken = true
  }

  #renew(file: string): Imported {
    const modified = modifiedAt(file)
    const url = new URL(`?modified=${modified}-${++this.#count}`, pathToFileURL(file))
    const imported = { url, modified, imports: new Map<string, string>(), isBroken: false }
    this.#imported.set(file, imported)
    this.#importers.set(url.href, imported)
    return imported
  }

  #hasChanged(file: string): boolean {
    const seen = new Set<string>()
    const has = this.#differs(file, seen)
    const now = performance.now()
    if (!has) for (const each of seen) this.#fresh.set(each, now)
    return has
  }

  #differs(file: string, seen: Set<string>): boolean {
    if (seen.has(file) || performance.now() - (this.#fresh.get(file) ?? -Infinity) < FRESH) return false
    seen.add(file)
    const last = this.#imported.get(file)
    if (!last || last.isBroken || modifiedAt(file) !== last.modified) return true
    return [...last.imports].some(([each, href]) => this.#imported.get(each)?.url.href !== href || this.#differs(each, seen))
  }
}

function modifiedAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs
}
