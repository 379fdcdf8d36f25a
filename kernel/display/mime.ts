import { inspect, types } from 'node:util'
import type { MimeBundle } from '../session/protocol.ts'
import { type DescribedBundle, DISPLAY, METADATA } from './bundle.ts'

export { DISPLAY } from './bundle.ts'

/** What front ends get to show. */
export interface Shown {
  readonly data: MimeBundle
  readonly metadata: Readonly<Record<string, unknown>>
}

/**
 * How a value is shown: by its own `Symbol.for('Jupyter.display')` method, else as `util.inspect` prints it, with tables of
 * arrays of objects, pictures of what is one, and HTML of what has some beside. Nothing for a method that returns `{}`.
 */
export async function toShown(value: unknown): Promise<Shown> {
  const own = displayMethod(value)
  const bundle = own ? await own() : undefined
  if (own && isEmpty(bundle)) return nothing
  if (!isBundle(bundle)) return { data: { 'text/plain': plainText(value), ...(mayBeRich(value) ? await rich(value) : {}) }, metadata: {} }
  // As it will be sent: what is no JSON is an error here, in the cell.
  return { data: JSON.parse(JSON.stringify(bundle)) as MimeBundle, metadata: bundle[METADATA] ?? {} }
}

/** The same without what is told about it. */
export async function toMimeBundle(value: unknown): Promise<MimeBundle> {
  return (await toShown(value)).data
}

const plainText = (value: unknown): string => inspect(value, { maxArrayLength: 100, maxStringLength: 10_000, depth: 4 })

/** What says that there is nothing to show. */
const nothing: Shown = { data: {}, metadata: {} }

const isEmpty = (bundle: unknown): boolean => typeof bundle === 'object' && bundle !== null && Object.keys(bundle).length === 0

function displayMethod(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const method = (value as { [DISPLAY]?: unknown })[DISPLAY]
  return typeof method === 'function' ? () => method.call(value) as unknown : undefined
}

function isBundle(value: unknown): value is DescribedBundle {
  return typeof value === 'object' && value !== null && Object.keys(value).some(key => key.includes('/'))
}

/** Whether it is worth to load what knows more. */
function mayBeRich(value: unknown): value is object {
  // A proxy's traps are somebody's code.
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false
  if (Array.isArray(value)) return typeof value[0] === 'object'
  return ArrayBuffer.isView(value) || signs.some(sign => sign in value)
}

const signs = ['outerHTML', 'toDataURL', 'toSpec']

async function rich(value: object): Promise<MimeBundle | undefined> {
  try {
    return (await import('./rich.ts')).richBundle(value)
  } catch {
    // What user code defines may throw; its text was shown without it.
    return undefined
  }
}
