import { inspect } from 'node:util'
import { UsageError } from '../errors.ts'
import { type DescribedBundle, METADATA } from './bundle.ts'
import type { Shown } from './mime.ts'

/**
 * A bundle as it is sent and as notebooks store it: JSON where the type is one, else texts; bytes become base64.
 * Throws UsageError for what can be neither: an error of the cell.
 */
export function readBundle(bundle: DescribedBundle, metadata: Shown['metadata']): Shown {
  const data = Object.entries(bundle).flatMap(([type, content]) => (content === undefined ? [] : [[type, readContent(type, content)] as const]))
  return { data: Object.fromEntries(data), metadata: readJson('metadata', { ...bundle[METADATA], ...metadata }) as Shown['metadata'] }
}

function readContent(type: string, content: unknown): unknown {
  if (content instanceof Uint8Array) return isText.test(type) ? Buffer.from(content).toString('utf8') : Buffer.from(content).toString('base64')
  if (isJson.test(type)) return readJson(type, content)
  if (Array.isArray(content) && content.every(line => typeof line === 'string')) return [...content]
  if (typeof content !== 'object' && typeof content !== 'function') return String(content)
  // Of other types front ends may know what they make of an object.
  if (!/^(?:text|image)\//.test(type)) return readJson(type, content)
  throw new UsageError(`The content of ${type} is a text, or bytes, not ${inspect(content, { depth: 0 })}.`)
}

const isJson = /^application\/(?:.*\+)?json$/
const isText = /^text\/|\+xml$|json$|javascript$/

/** A copy by JSON of `content`, which is called so in the UsageError that it gives where it is none. */
export function readJson(type: string, content: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(content) ?? 'null')
  } catch (cause) {
    throw new UsageError(`${type} is no JSON: ${(cause as Error).message}`, { cause })
  }
}
