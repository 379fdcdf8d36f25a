import { capture } from '../capture/capture.ts'
import type { Realm as RestoreRealm } from '../capture/parcel.ts'
import { restore } from '../capture/restore.ts'
import { isProxy } from 'node:util/types'
import { importAsCell } from '../import-as-cell.ts'
import { isPlain } from '../plain.ts'
import type { CellSource, Item, Plain, ViewName } from '../protocol.ts'
import { noting } from './noting.ts'
import { realm } from './realm.ts'

/** More items than that are captured like anything else. */
const LONG = 1000

interface ViewClass {
  readonly prototype: object
  new (buffer: ArrayBuffer, byteOffset: number, length: number): ArrayBufferView
}

/** Views whose bytes travel as they are. */
const views: Readonly<Record<Exclude<ViewName, 'Buffer'>, ViewClass & { readonly BYTES_PER_ELEMENT: number }>> = {
  Uint8Array, Uint8ClampedArray, Uint16Array, Uint32Array, BigUint64Array,
  Int8Array, Int16Array, Int32Array, BigInt64Array, Float32Array, Float64Array
}

const viewNames = new Map<object | null, ViewName>([[Buffer.prototype, 'Buffer']])
for (const [name, { prototype }] of Object.entries(views)) viewNames.set(prototype, name as ViewName)

/** A value as it travels through the hub. What can't travel is an error here, before anything is sent. */
export function toItem(value: unknown, what: string): Item {
  if (isPlain(value)) return { plain: value }
  if (isPlainList(value)) return { list: value }
  if (ArrayBuffer.isView(value)) {
    const view = simpleView(value)
    if (view) return { view, bytes: new Uint8Array(value.buffer, value.byteOffset, value.byteLength) }
  }
  const cells: Record<string, CellSource> = {}
  const parcel = capture(value, noting(realm().scope, cells), 'copy', what)
  return Object.keys(cells).length > 0 ? { parcel, cells } : { parcel }
}

/** Whether a value is an array of nothing but plain values: looking into a long one would take as long as capturing it. */
export function isPlainList(value: unknown): value is readonly Plain[] {
  if (!Array.isArray(value) || isProxy(value) || value.length > LONG || Object.getPrototypeOf(value) !== Array.prototype || !Object.isExtensible(value)) return false
  // No other properties, and none missing.
  return Object.keys(value).length === value.length && value.every(isPlain)
}

/** The name of a view that is nothing more than its bytes. */
function simpleView(value: ArrayBufferView): ViewName | undefined {
  if (value.buffer instanceof SharedArrayBuffer || value.byteLength < value.buffer.byteLength / 2) return undefined
  return viewNames.get(Object.getPrototypeOf(value) as object | null)
}

/** The value again, here. */
export async function fromItem(item: Item): Promise<unknown> {
  if ('plain' in item) return item.plain
  if ('list' in item) return item.list
  if ('view' in item) return viewOf(item)
  if (item.cells) realm().arrivals?.learn(item.cells)
  return restore(item.parcel, detachedRealm)
}

/** With a buffer that nothing else is in. */
function viewOf({ view, bytes }: Extract<Item, { view: ViewName }>): ArrayBufferView {
  const { buffer } = bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice()
  if (view === 'Buffer') return Buffer.from(buffer as ArrayBuffer)
  const View = views[view]
  return new View(buffer as ArrayBuffer, 0, bytes.byteLength / View.BYTES_PER_ELEMENT)
}

/** Where values arrive that are not a worker's target: they bring what they need and define nothing by name. */
const detachedRealm: RestoreRealm = {
  define: (name, descriptor) => {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, descriptor)
  },
  own: name => {
    const binding = realm().scope.lookup(name)
    return binding?.kind === 'variable' ? binding.value : undefined
  },
  import: importAsCell,
  remote: name => {
    throw new Error(`A copied value asked for the notebook's variable "${name}".`)
  }
}
