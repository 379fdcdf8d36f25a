import { capture } from '../capture/capture.ts'
import { restore } from '../capture/restore.ts'
import type { Realm as RestoreRealm } from '../capture/parcel.ts'
import type { Item } from '../protocol.ts'
import { realm } from './realm.ts'

/** A value as it travels through the hub. What can't travel is an error here, before anything is sent. */
export function toItem(value: unknown, what: string): Item {
  if (isPlain(value)) return { plain: value }
  return { parcel: capture(value, realm().scope, 'copy', what) }
}

function isPlain(value: unknown): value is Extract<Item, { plain: unknown }>['plain'] {
  return value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
}

/** The value again, here. */
export async function fromItem(item: Item): Promise<unknown> {
  return 'plain' in item ? item.plain : restore(item.parcel, detachedRealm)
}

/** Where values arrive that are not a worker's target: they bring what they need and define nothing by name. */
const detachedRealm: RestoreRealm = {
  define: (name, descriptor) => {
    if (!(name in globalThis)) Object.defineProperty(globalThis, name, descriptor)
  },
  import: specifier => import(specifier) as Promise<unknown>,
  remote: name => {
    throw new Error(`A copied value asked for the notebook's variable "${name}".`)
  }
}
