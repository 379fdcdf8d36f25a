import { inspect } from 'node:util'
import type { MimeBundle } from '../session/protocol.ts'

/** The method by which a value says how to show it: Deno's kernel and libraries made for it use the same symbol. */
export const DISPLAY = Symbol.for('Jupyter.display')

/** How a value is shown: by its own `Symbol.for('Jupyter.display')` method, else as `util.inspect` prints it. */
export async function toMimeBundle(value: unknown): Promise<MimeBundle> {
  const own = displayMethod(value)
  const bundle = own ? await own() : undefined
  // As it will be sent: what is no JSON is an error here, in the cell.
  return isBundle(bundle) ? (JSON.parse(JSON.stringify(bundle)) as MimeBundle) : { 'text/plain': inspect(value, { maxArrayLength: 100, maxStringLength: 10_000, depth: 4 }) }
}

function displayMethod(value: unknown): (() => unknown) | undefined {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return undefined
  const method = (value as { [DISPLAY]?: unknown })[DISPLAY]
  return typeof method === 'function' ? () => method.call(value) as unknown : undefined
}

function isBundle(value: unknown): value is MimeBundle {
  return typeof value === 'object' && value !== null && Object.keys(value).some(key => key.includes('/'))
}
