import { inspect } from 'node:util'
import { UsageError } from '../../errors.ts'
import { uniqueId } from '../../random.ts'
import { isPlain } from '../plain.ts'
import { preview } from '../preview.ts'
import type { Item, QueueItem, QueueSpec } from '../protocol.ts'
import { QueueClosed, QueueEmpty, QueueFull, TimedOut } from './errors.ts'
import { fromItem, toItem } from './items.ts'
import { checkLimits, type TryOptions } from './limits.ts'
import { realm } from './realm.ts'

export interface PutOptions extends TryOptions {
  /** Lower ones are taken first, where the queue goes by that. Default: 0. */
  readonly priority?: number
}

/** What all kinds of queues are made of: the way of values through the hub. */
export class Channel {
  readonly spec: QueueSpec
  readonly #what: string

  constructor(what: string, spec: QueueSpec | number) {
    this.#what = what
    this.spec = typeof spec === 'number' ? { id: uniqueId(), maxsize: spec } : spec
  }

  /** Waits for room, if there is none; where there always is, only until the value has left. */
  async put(value: unknown, options: PutOptions = {}): Promise<void> {
    checkLimits(options)
    options.signal?.throwIfAborted()
    const { client } = realm()
    const item = this.#itemOf(value, options.priority, client.traced)
    const side = client.queue(this.spec)
    if (side.closed) throw new QueueClosed('The queue is closed: nothing can be put into it.')
    if (side.informed) {
      return client.put(side, item)
    }
    await translate(full, client.ask({ type: 'put', queue: this.spec, item, wait: options.wait ?? true }, options))
    side.informed = this.spec.maxsize === 0
  }

  #itemOf(value: unknown, priority: number | undefined, traced: boolean): QueueItem {
    if (priority === undefined) return isPlain(value) ? value : shown(value, toItem(value, `item of a ${this.#what}`), traced)
    if (typeof priority !== 'number' || Number.isNaN(priority)) throw new UsageError(`priority is a number, of which lower ones go first, not ${inspect(priority)}.`)
    return { ...shown(value, toItem(value, `item of a ${this.#what}`), traced), priority }
  }

  async get(options: TryOptions = {}): Promise<unknown> {
    checkLimits(options)
    options.signal?.throwIfAborted()
    const { client } = realm()
    const side = client.queue(this.spec)
    if (side.reserve()) return valueOf(side.take())
    const fetched = side.fetch(ahead => client.ask({ type: 'get', queue: this.spec, wait: options.wait ?? true, ahead }, options))
    return valueOf(await translate(empty, fetched))
  }

  /** Waits until there is something to get, or never will be. `false` when there was nothing in time. */
  async watch(options: TryOptions = {}): Promise<boolean> {
    const { client } = realm()
    try {
      return (await client.ask({ type: 'watch', queue: this.spec, wait: options.wait ?? true }, options)) as boolean
    } catch (error) {
      if (error instanceof TimedOut) return false
      throw error
    }
  }

  async size(): Promise<number> {
    return (await realm().client.ask({ type: 'size', queue: this.spec })) as number
  }

  close(): void {
    const { client } = realm()
    client.queue(this.spec).close()
    client.tell({ type: 'close', queue: this.spec })
  }
}

/** What a trace shows of an item can be told only where it was made. */
function shown(value: unknown, item: Item, traced: boolean): Item {
  return traced && 'parcel' in item ? { ...item, preview: preview(value) } : item
}

function valueOf(item: QueueItem): unknown {
  return isPlain(item) ? item : fromItem(item)
}

const full = ({ timeout }: TimedOut) => new QueueFull(`There was no room within ${timeout} ms.`)
const empty = ({ message }: TimedOut) => new QueueEmpty(message)

/** Waiting in vain is what Python calls Empty and Full. */
async function translate<T>(inVain: (error: TimedOut) => Error, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw error instanceof TimedOut ? inVain(error) : error
  }
}
