import { isNativeError } from 'node:util/types'
import type { RemoteErrorData } from '../protocol.ts'
import { describeThrown } from '../thrown.ts'
import { merge, type WorkerError } from './errors.ts'
import { fromItem, toItem } from './items.ts'

/** What was thrown, as it travels to whoever waits: described, and as far as it can be captured itself. */
export function toRemoteError(thrown: unknown): RemoteErrorData {
  const value = (Object.isExtensible(thrown) && captured(() => thrown)) || captured(() => lighter(thrown))
  return { ...describeThrown(thrown), ...(value ? { value } : {}) }
}

/** What was thrown there, as far as it came, with what `error` says of it; else `error`. */
export async function fromRemoteError({ value }: RemoteErrorData, error: WorkerError): Promise<WorkerError> {
  if (!value) return error
  // It may need a module that is not here.
  const thrown = await fromItem(value).catch(() => undefined)
  if (thrown instanceof Error) return merge(thrown, error)
  if (error.remoteName === 'Uncaught') Object.defineProperty(error, 'cause', { value: thrown, writable: true, configurable: true })
  return error
}

/** Whatever is in the way, and whatever a getter does: it has been described. */
function captured(value: () => unknown): RemoteErrorData['value'] {
  try {
    return toItem(value(), 'an error')
  } catch {
    return undefined
  }
}

/** An error without the fields that can't travel, of the nearest of its classes that can. */
function lighter(thrown: unknown, known = new Map<unknown, Error>()): unknown {
  if (Array.isArray(thrown)) return thrown.map(each => lighter(each, known))
  if (!isNativeError(thrown)) return thrown
  if (known.has(thrown)) return known.get(thrown)
  const { stack: _, ...fields } = Object.getOwnPropertyDescriptors(thrown)
  const copy = new Error()
  known.set(thrown, copy)
  Object.setPrototypeOf(copy, prototypeOf(thrown))
  copy.stack = thrown.stack ?? ''
  for (const [key, { value, get, enumerable = false }] of Object.entries(fields)) {
    const light = lighter(value, known)
    if (!get && captured(() => light)) Object.defineProperty(copy, key, { value: light, writable: true, enumerable, configurable: true })
  }
  return copy
}

function prototypeOf(error: Error): object {
  let type = Object.getPrototypeOf(error) as object | null
  while (type && !captured(() => type)) type = Object.getPrototypeOf(type) as object | null
  return type ?? Error.prototype
}
