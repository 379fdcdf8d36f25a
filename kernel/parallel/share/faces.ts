import type { Reference } from './reference.ts'

const faces = new WeakMap<object, Reference>()

/** The reference that a proxy is the face of; `undefined` for every other value. */
export function referenceOf(value: unknown): Reference | undefined {
  return faces.get(value as object)
}

export function rememberFace(face: object, reference: Reference): void {
  faces.set(face, reference)
}
