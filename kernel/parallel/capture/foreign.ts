import type { Mode, Parcel } from './parcel.ts'

/** How values that stand for another realm's own are captured: there, all of a parcel at once. */
export interface Foreign {
  test(value: object): boolean
  /** A parcel of an array of what they stand for. */
  capture(values: readonly object[], mode: Mode): Pick<Parcel, 'data' | 'shared'>
}

let foreign: Foreign | undefined

/** Makes a realm's stand-ins able to travel; only in threads there are any. */
export function registerForeign(kind: Foreign): void {
  foreign = kind
}

export function isForeign(value: object): boolean {
  return foreign?.test(value) ?? false
}

export function captureForeign(values: readonly object[], mode: Mode): Pick<Parcel, 'data' | 'shared'> {
  if (!foreign) throw new Error('Nothing foreign can be captured here.')
  return foreign.capture(values, mode)
}
