import { realpathSync } from 'node:fs'
import { createRequire, findPackageJSON } from 'node:module'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { types } from 'node:util'
import { ROOT } from '../entry-file.ts'

/** Starts a specifier that names a file of a package, whether or not the package exports it: `paracell-package:zod/v4/core/checks.js`. */
export const PACKAGE_FILE = 'paracell-package:'

/** A file of a package that was loaded. */
export interface PackageFile {
  /** What `Modules.import` takes for it, here and at any place that has the same package. */
  readonly specifier: string
  /** Whether it is at this path or URL. */
  isAt(file: string): boolean
  /** What an import of it gives; undefined while that is not known. */
  namespace(): object | undefined
}

/** The files that were loaded of npm packages: all that a package has in use, not only what a cell imported by name. */
export class PackageFiles {
  readonly #place: URL
  readonly #require: NodeJS.Require
  /** By the folder of the package. */
  readonly #packages = new Map<string, Set<string>>()
  /** What notebooks get by a package's name. */
  readonly #folders = new Map<string, string | undefined>()

  /** `place`: a file of the notebook's folder. */
  constructor(place: URL) {
    this.#place = place
    this.#require = createRequire(place)
  }

  note(url: string): void {
    const [, folder] = IN_PACKAGE.exec(url) ?? []
    if (folder === undefined || url.startsWith(ROOT.href)) return
    const files = this.#packages.get(folder)
    if (files) files.add(url)
    else this.#packages.set(folder, new Set([url]))
  }

  /** All that were loaded of the package that `file` belongs to, a path or a URL. */
  of(file: string): PackageFile[] {
    const [, folder = ''] = IN_PACKAGE.exec(urlOf(file)) ?? []
    return Array.from(this.#packages.get(folder) ?? [], url => ({
      specifier: this.#specifier(url),
      isAt: (other: string) => urlOf(other) === url,
      namespace: () => this.#namespace(url)
    }))
  }

  /** @throws {Error} when there is no such package here */
  resolve(specifier: string): string {
    const [, name = '', file = ''] = NAME_AND_FILE.exec(specifier.slice(PACKAGE_FILE.length)) ?? []
    const folder = this.#folderOf(name)
    if (folder === undefined) throw new Error(`There is no package "${name}" for notebooks in ${path.dirname(fileURLToPath(this.#place))}; install it: %install ${name}.`)
    return new URL(file, folder).href
  }

  /** Another copy of the package than notebooks get has no name of its own. */
  #specifier(url: string): string {
    const [, folder = '', name = '', file = ''] = IN_PACKAGE.exec(url)!
    return this.#folderOf(name) === folder ? `${PACKAGE_FILE}${name}/${file}` : url
  }

  #folderOf(name: string): string | undefined {
    if (!this.#folders.has(name)) this.#folders.set(name, folderOf(name, this.#place))
    return this.#folders.get(name)
  }

  /** One that is just being loaded, or waits at its top level, can't be looked into. */
  #namespace(url: string): object | undefined {
    try {
      const exports: unknown = this.#require(fileURLToPath(url))
      return types.isModuleNamespaceObject(exports) ? (exports as object) : { default: exports }
    } catch {
      return undefined
    }
  }
}

const urlOf = (file: string): string => (file.startsWith('file:') ? file : pathToFileURL(file).href)

const IN_PACKAGE = /^(file:.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\/)(.*)$/
const NAME_AND_FILE = /^((?:@[^/]+\/)?[^/]+)\/(.*)$/

function folderOf(name: string, place: URL): string | undefined {
  try {
    const file = findPackageJSON(name, place)
    return file && pathToFileURL(realpathSync(path.dirname(file)) + path.sep).href
  } catch {
    return undefined
  }
}
