import type { MessagePort } from 'node:worker_threads'
import type { LoadedModules } from '../../runtime/modules.ts'
import type { PackageFiles } from '../../runtime/package-files.ts'

/** A notebook's top-level binding, as code of another cell sees it. */
export type Binding =
  | { readonly kind: 'variable'; readonly value: unknown; readonly constant: boolean }
  | { readonly kind: 'import'; readonly specifier: string; readonly imported: string }

/** Where a function was written. Lines and columns count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/**
 * The variables of one run of an enclosing function. The same `id` is the same run; where it is undefined, capture
 * goes by the variables.
 */
export interface ClosureScope {
  readonly id: unknown
  readonly variables: Readonly<Record<string, unknown>>
}

export interface BoundFunction {
  readonly target: unknown
  readonly self: unknown
  readonly args: readonly unknown[]
}

/** What capture can learn about a function that JavaScript itself does not tell. */
export interface FunctionFacts {
  /** The place of its JavaScript text, so that stack traces in a worker name the cell and the line. */
  location(fn: Function): Place | undefined
  /** The variables that it captured from enclosing functions, innermost first, the notebook's top level left out. */
  closure(fn: Function): readonly ClosureScope[]
  /** What `bind` was given; undefined when the function was not made by `bind`. */
  bound?(fn: Function): BoundFunction | undefined
}

/** What capture may ask about the notebook. */
export interface Scope extends FunctionFacts {
  /** The notebook's top-level binding of that name; undefined for all others, such as globals of JavaScript. */
  lookup(name: string): Binding | undefined
  /** All names that `lookup` knows. Missing where nobody asks. */
  names?(): Iterable<string>
  /** Every module that the notebook imported, so that values that come from one are imported again and never copied. */
  readonly modules?: LoadedModules
  /** The files that packages have loaded, whose exports are not copied either. */
  readonly files?: Pick<PackageFiles, 'of'>
}

/** `copy`: everything, for a process. `share`: all but the notebook's variables, for a thread. */
export type Mode = 'copy' | 'share'

/** A captured value, ready to be sent. */
export interface Parcel {
  /** The whole graph but for `shared`. Any transport that carries bytes will do. */
  readonly data: Uint8Array<ArrayBuffer>
  /** What only `postMessage` can carry: shared memory, ports, large buffers, and what Node clones. Always empty in mode `copy`. */
  readonly shared: readonly object[]
  /** Those of `shared` that may be listed for transfer, as may `data.buffer`, by whoever sends the parcel only once. */
  readonly transfer: readonly (ArrayBuffer | MessagePort)[]
  /** Where `shared` waits, when the way of the rest can't carry it: between threads of one process. */
  readonly kept?: string
  /** The modules that are needed where it is restored, or may be; none if absent. */
  readonly imports?: readonly string[]
  /** Names of what the notebook has added to functions of modules, and of the modules, which are loaded without that. */
  readonly additions?: Readonly<Record<string, string>>
}

/** The place where a parcel is restored. */
export interface Realm {
  /** Makes a notebook's name visible to restored functions, as a property of globalThis. */
  define(name: string, descriptor: PropertyDescriptor): void
  /** A module's exports; the specifier is one that the notebook used. */
  import(specifier: string): Promise<unknown>
  /** What the place has by that name already: a class that is there is not made again. Missing where all is. */
  own?(name: string): unknown
  /** Access to the notebook's own variable of that name. Only asked in mode `share`. */
  remote(name: string): PropertyDescriptor
}
