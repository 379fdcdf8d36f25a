import { inspect } from 'node:util'
import { type DescribedBundle, DISPLAY, METADATA } from './bundle.ts'

export interface JsonOptions {
  /** Whether the tree is open at first. Default: false. */
  readonly expanded?: boolean
  /** What its root is called. Default: "root". */
  readonly root?: string
}

/**
 * A value as a tree that opens and closes, to display or to end a cell with. Of what JSON doesn't have, maps are shown as
 * objects, sets and typed arrays as arrays, numbers as text; functions are left out.
 *
 * @example json(await (await fetch(url)).json(), { expanded: true })
 */
export function json(value: unknown, { expanded = false, root = 'root' }: JsonOptions = {}): { [DISPLAY](): DescribedBundle } {
  return { [DISPLAY]: () => ({ [TYPE]: toTree(value, []) ?? null, 'text/plain': inspect(value, { depth: 4 }), [METADATA]: { [TYPE]: { expanded, root } } }) }
}

const TYPE = 'application/json'

function toTree(value: unknown, above: readonly object[]): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  if (typeof value !== 'object' || value === null) return typeof value === 'function' || typeof value === 'symbol' ? undefined : value
  if (above.includes(value)) return '[Circular]'
  if ('toJSON' in value && typeof value.toJSON === 'function') return toTree(value.toJSON(), [...above, value])
  const inside = [...above, value]
  const elements = elementsOf(value)
  if (elements) return elements.map(element => toTree(element, inside) ?? null)
  return Object.fromEntries(entriesOf(value).map(([name, each]) => [name, toTree(each, inside)]))
}

function elementsOf(value: object): readonly unknown[] | undefined {
  if (Array.isArray(value)) return value
  return value instanceof Set || (ArrayBuffer.isView(value) && Symbol.iterator in value) ? [...value as Iterable<unknown>] : undefined
}

function entriesOf(value: object): readonly (readonly [string, unknown])[] {
  if (value instanceof Map) return [...value].map(([key, each]) => [typeof key === 'string' ? key : inspect(key), each])
  const hidden = value instanceof Error ? ['name', 'message', 'cause', 'errors'].flatMap(name => (name in value ? [[name, Reflect.get(value, name)] as const] : [])) : []
  return [...hidden, ...Object.entries(value)]
}
