import { referenceOf } from './faces.ts'
import { snapshot } from './snapshot.ts'

/** So many elements of a list are shown at most: the others need not be copied for it. */
const MOST = 50

const TypedArray = Object.getPrototypeOf(Uint8Array) as new () => Uint8Array

/** What a thread looks at to show an object of the notebook; undefined for what is none. */
export function shownOf(value: object): object | undefined {
  if (!referenceOf(value)) return undefined
  if (value instanceof TypedArray) return snapshot(value)
  if (!Array.isArray(value)) return value
  const first = snapshot(value.slice(0, MOST))
  first.length = value.length
  return first
}
