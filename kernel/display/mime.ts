import { inspect, types } from 'node:util'
import type { MimeBundle } from '../session/protocol.ts'
import { type DescribedBundle, DISPLAY } from './bundle.ts'

export { DISPLAY } from './bundle.ts'

/** What front ends get to show. */
export interface Shown {
  readonly data: MimeBundle
  readonly metadata: Readonly<Record<string, unknown>>
}

/**
 * How a value is shown: by its own `Symbol.for('Jupyter.display')` method, else as `util.inspect` prints it, with tables of
 * arrays of objects, pictures of what is one, and HTML of what has some beside. Nothing for a method that returns `{}`.
 * `metadata`: what else the front end is told about it.
 */
export async function toShown(value: unknown, metadata: Shown['metadata'] = {}): Promise<Shown> {
  const own = displayMethod(value)
  const bundle = own ? await own() : undefined
  if (own && isEmpty(bundle)) return nothing
  if (!isBundle(bundle) && isEmpty(metadata)) return { data: await bundleOf(value), metadata }
  const { readBundle } = await import('./read-bundle.ts')
  return readBundle(isBundle(bundle) ? bundle : await bundleOf(value), metadata)
}

/** The same without what is told about it. */
export async function toMimeBundle(value: unknown): Promise<MimeBundle> {
  return (await toShown(value)).data
}

async function bundleOf(value: unknown): Promise<MimeBundle> {
  const own = types.isProxy(value) ? looksInside(value as object) : value
  return { 'text/plain': plainText(value), ...(mayBeRich(own) ? await rich(own) : {}) }
}

/** A proxy's traps are somebody's code. */
let looksInside: (proxy: object) => object | undefined = () => undefined

/** Tells how to look at those proxies by which a thread has the notebook's objects. */
export function lookInsideBy(look: typeof looksInside): void {
  looksInside = look
}

const plainText = (value: unknown): string => inspect(value, { maxArrayLength: 100, maxStringLength: 10_000, depth: 4 })

/** What says that there is nothing to show. */
const nothing: Shown = { data: {}, metadata: {} }

const isEmpty = (bundle: unknown): boolean => typeof bundle === 'object' && bundle !== null && Object.keys(bundle).length === 0

function displayMethod(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const method = methodOf(value)
  return typeof method === 'function' ? () => method.call(value) as unknown : undefined
}

/** A proxy may refuse to be asked; its text can be shown nevertheless. */
function methodOf(value: { [DISPLAY]?: unknown }): unknown {
  try {
    return value[DISPLAY]
  } catch {
    return undefined
  }
}

function isBundle(value: unknown): value is DescribedBundle {
  return typeof value === 'object' && value !== null && Object.keys(value).some(key => key.includes('/'))
}

/** Whether it is worth to load what knows more. */
function mayBeRich(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return typeof value[0] === 'object'
  return ArrayBuffer.isView(value) || signs.some(sign => sign in value)
}

const signs = ['outerHTML', 'toDataURL', 'toSpec', 'toHTML']

async function rich(value: object): Promise<MimeBundle | undefined> {
  try {
    return (await import('./rich.ts')).richBundle(value)
  } catch {
    // What user code defines may throw; its text was shown without it.
    return undefined
  }
}
