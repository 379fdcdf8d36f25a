import type { Binding, BoundFunction, ClosureScope, Place, Realm, Scope } from '../capture/parcel.ts'
import type { LoadedModules, Modules } from '../../runtime/modules.ts'
import type { PackageFiles } from '../../runtime/package-files.ts'
import { types } from 'node:util'
import { functionFacts } from '../capture/function-facts.ts'
import { beforeHiding } from '../capture/globals.ts'
import { importAsCell } from '../import-as-cell.ts'

/**
 * The notebook's names as a worker has them: properties of globalThis for as long as a target runs. It is also what
 * the worker can tell about them when it starts workers itself.
 */
export class Globals implements Scope, Disposable {
  readonly modules: LoadedModules
  readonly files: PackageFiles
  readonly #names = new Map<string, PropertyDescriptor | undefined>()

  constructor({ loaded, files }: Pick<Modules, 'loaded' | 'files'>) {
    this.modules = loaded
    this.files = files
  }

  define(name: string, descriptor: PropertyDescriptor): void {
    beforeHiding(name)
    if (!this.#names.has(name)) this.#names.set(name, Object.getOwnPropertyDescriptor(globalThis, name))
    Object.defineProperty(globalThis, name, { ...descriptor, configurable: true })
  }

  /** Those of the names that are classes of this realm's own. */
  *classes(): Generator<[name: string, copy: Function]> {
    for (const name of this.#names.keys()) {
      const value: unknown = Object.getOwnPropertyDescriptor(globalThis, name)?.value
      if (typeof value === 'function' && !types.isProxy(value) && /^class\b/.test(Function.prototype.toString.call(value))) yield [name, value]
    }
  }

  realm(remote: (name: string) => PropertyDescriptor | undefined): Realm {
    return {
      define: (name, descriptor) => this.define(name, descriptor),
      import: importAsCell,
      remote: name => {
        const descriptor = remote(name)
        if (!descriptor) throw new Error(`The notebook's variable "${name}" can't be reached from a process.`)
        return descriptor
      }
    }
  }

  lookup(name: string): Binding | undefined {
    if (!this.#names.has(name)) return undefined
    const constant = Object.getOwnPropertyDescriptor(globalThis, name)?.writable === false
    return { kind: 'variable', value: Reflect.get(globalThis, name) as unknown, constant }
  }

  location(fn: Function): Place | undefined {
    return functionFacts().location(fn)
  }

  closure(fn: Function): readonly ClosureScope[] {
    return functionFacts().closure(fn)
  }

  bound(fn: Function): BoundFunction | undefined {
    return functionFacts().bound(fn)
  }

  /** The next target must not see this one's names. */
  [Symbol.dispose](): void {
    for (const [name, before] of this.#names) {
      if (before) Object.defineProperty(globalThis, name, before)
      else Reflect.deleteProperty(globalThis, name)
    }
  }
}
