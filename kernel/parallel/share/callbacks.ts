/** Methods of collections that a thread gives one of its own functions: they run in the thread. */
import { callbackMethods, sorters } from './intrinsics.ts'
import { Operation } from './operations.ts'
import type { Reference } from './reference.ts'
import { referenceOf } from './faces.ts'

/**
 * Runs the method on a copy of the elements, taken in one round trip; what a sort did to it is written back.
 *
 * @param callback the method, as its number in `callbackMethods`
 * @param self the collection: a reference, or a collection of the thread
 */
export function runInThread(callback: number, self: unknown, given: readonly unknown[]): unknown {
  const method = callbackMethods[callback - 1] as CallableFunction
  const reference = referenceOf(self)
  if (reference === undefined) return Reflect.apply(method, self, given)
  const copy = copyFor(method, reference)
  const result: unknown = Reflect.apply(method, copy, given)
  if (!sorters.has(method)) return result
  writeBack(self as unknown[] | Int8Array, copy as unknown[] | Int8Array)
  return self
}

function copyFor(method: unknown, reference: Reference): unknown {
  const elements = reference.asker.ask(Operation.elements, reference)
  if (method === Set.prototype.forEach) return new Set(elements as unknown[])
  return method === Map.prototype.forEach ? asMap(elements as unknown[]) : elements
}

function asMap(parts: readonly unknown[]): Map<unknown, unknown> {
  const map = new Map()
  for (let index = 0; index < parts.length; index += 2) map.set(parts[index], parts[index + 1])
  return map
}

/** In parts, since a call takes only so many arguments. */
function writeBack(collection: unknown[] | Int8Array, sorted: unknown[] | Int8Array): void {
  if (!Array.isArray(sorted) || !Array.isArray(collection)) return (collection as Int8Array).set(sorted as Int8Array)
  for (let start = 0; start < sorted.length; start += PART) {
    const part = sorted.slice(start, start + PART)
    collection.splice(start, part.length, ...part)
  }
}

const PART = 10_000
