import { UsageError } from '../../errors.ts'
import type { Realm as Place, Scope } from '../capture/parcel.ts'
import type { CellSource } from '../protocol.ts'
import type { HubClient } from './client.ts'

/** Where the API is used: the session, a thread or a process. Set once by whoever starts the realm. */
export interface Realm {
  readonly client: HubClient
  readonly scope: Scope
  /** The text of a cell, by the file name of its code. */
  cellSource(file: string): CellSource | undefined
  readonly processName: string
  readonly threadName: string
  /** Where modules are looked for, if not in the working folder. */
  readonly folder?: string
  /** The one that this process runs in. */
  readonly cluster?: { readonly id: string } | undefined
  /** Only in workers. */
  readonly arrivals?: Arrivals
}

/** How a worker takes in functions that come after its target. */
export interface Arrivals {
  /** Where they are restored, with the names that they use. */
  readonly place: Place
  /** Makes errors name the lines of these cells, too. */
  learn(cells: Readonly<Record<string, CellSource>>): void
}

let current: Realm | undefined

export function enterRealm(realm: Realm): void {
  current = realm
  realm.client.begin()
}

export function realm(): Realm {
  if (!current) throw new UsageError('paracell starts threads and processes for notebook cells: run this in a notebook with the kernel "paracell".')
  return current
}
