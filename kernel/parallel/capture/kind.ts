import type { Draft } from './draft.ts'
import type { Mode } from './parcel.ts'
import type { Restoration } from './restoration.ts'
import type { Trail } from './trail.ts'

/** How objects of one kind travel. Their prototype, and the own properties in `rest`, travel for all kinds alike. */
export interface Kind<T extends object = object, S = unknown> {
  readonly name: string
  test(value: object, mode: Mode): boolean
  /** The prototype that `make` gives by itself. */
  prototype(shell: S): object
  /** Describes the value; parts that may be anything are put into the shell with `draft.put`. */
  shell(value: T, draft: Draft, id: number, trail: Trail): S
  /** Own properties that the shell does not have. */
  rest(value: T, shell: S): readonly (string | symbol)[]
  make(shell: S, from: Restoration): T
  /** Called when all parts are in the shell. */
  complete?(made: T, shell: S): void
}

/** Lets a table hold kinds of different values: each is only given what its `test` accepted. */
export const kind = <T extends object, S>(kind: Kind<T, S>): Kind => kind as unknown as Kind

export const nothing = (): readonly string[] => []

/** Long arrays are not searched for names: listing a million indices takes longer than copying what they hold. */
const long = 10_000

/** The keys of an array, or of what is like one, that are no indices. */
export function named(value: object, length: number): (string | symbol)[] {
  if (length > long) return Object.getOwnPropertySymbols(value)
  const keys = Reflect.ownKeys(value)
  // Indices come first, in order: where the last of as many keys is the last index, they are all.
  const rest = length > 0 && keys[length - 1] === String(length - 1) ? keys.slice(length) : keys
  return rest.filter(key => typeof key === 'symbol' || !/^(?:0|[1-9]\d*)$/.test(key))
}
