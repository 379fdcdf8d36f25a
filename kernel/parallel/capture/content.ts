/** Own property of a restored value that is no plain one: `[owner, key, flags, value or getter, setter]`. */
export type OwnProperty = [owner: number, key: unknown, flags: number, value: unknown, setter?: number]

/** Bits of an OwnProperty's flags; `missing`: only if the owner has none of that name. */
export const flag = { writable: 1, enumerable: 2, configurable: 4, accessor: 8, link: 16, symbol: 32, missing: 64 } as const

/**
 * A captured graph as it is serialized. Values other than primitives are numbered; each is a kind and a *shell*: data
 * with its primitives in place. `links` puts the other values into the shells, which makes cycles no special case.
 */
export interface Content {
  /** Names of the kinds that occur; `tags` has an index of this list for each value. */
  readonly kinds: readonly string[]
  readonly tags: Uint8Array
  readonly shells: readonly unknown[]
  /** `[owner, key, target]`, flat: `shells[owner][key] = value of target` */
  readonly links: readonly (number | string)[]
  readonly properties: readonly OwnProperty[]
  /** `[owner, prototype]`, flat; prototype -1 is null. */
  readonly prototypes: readonly number[]
  /** `[owner, level]`, flat: 1 not extensible, 2 sealed, 3 frozen. */
  readonly integrity: readonly number[]
  /** `[owner, class, values]`, flat: the private fields that a value has by a class, base classes first; or that a class has. */
  readonly privates: readonly number[]
  /** `[scope, scope around it]`, flat; -1 where the notebook's top level is around it. */
  readonly parents: readonly number[]
  /** The notebook's names that the restored functions use. */
  readonly constants: readonly string[]
  readonly remotes: readonly string[]
  readonly imports: Readonly<Record<string, readonly [specifier: string, imported: string]>>
  /** Every module that is needed. */
  readonly modules: readonly string[]
  /** An array of what another realm has captured, in a parcel of its own, and where its part of `shared` begins. */
  readonly foreign: { readonly data: Uint8Array; readonly first: number } | undefined
}

/** The first two values of every content. */
export const rootId = 0
export const globalsId = 1
