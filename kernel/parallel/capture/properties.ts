import { flag } from './content.ts'
import type { Draft } from './draft.ts'
import type { Trail } from './trail.ts'

type Keys = readonly (string | symbol)[]

/** Own properties with their attributes, and whether more can be added. */
export function packProperties(draft: Draft, id: number, value: object, keys: Keys, trail: Trail): void {
  for (const key of keys) draft.property(id, value, key, trail)
  draft.integrity(id, value)
}

/** Own properties that the value is only given if it has none of that name. */
export function packMissing(draft: Draft, id: number, value: object, keys: Keys, trail: Trail): void {
  for (const key of keys) draft.property(id, value, key, trail, flag.missing)
}

/** Says so where the prototype is not the one that making the value gives. */
export function packPrototypeOf(
  draft: Draft,
  id: number,
  value: object,
  expected: object | undefined,
  trail: Trail,
): void {
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype !== expected) draft.prototype(id, prototype, trail)
}
