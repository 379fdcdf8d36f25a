import { uniqueId } from '../../random.ts'
import type { Parcel } from '../capture/parcel.ts'
import { itemOf, withItem } from '../carried.ts'
import { isPlain } from '../plain.ts'
import type { FromHub, QueueItem, ToHub } from '../protocol.ts'

/**
 * What threads of one process give each other by the hub, which is in another one: shared memory and ports wait here
 * while the rest of the message goes there and comes back.
 */
export class Kept {
  readonly #shared = new Map<string, Pick<Parcel, 'shared' | 'transfer'>>()

  /** The message without what can't leave the process. */
  keep(message: ToHub): ToHub {
    if (message.type === 'ask' && message.ask.type === 'start') {
      const { spec } = message.ask
      return { ...message, ask: { ...message.ask, spec: { ...spec, parcel: this.#without(spec.parcel) } } }
    }
    const parcel = parcelOf(itemOf(message))
    return parcel && parcel.shared.length > 0 ? (withItem(message, item => this.#change(item, each => this.#without(each))) as ToHub) : message
  }

  /** The message with what was kept of it. */
  giveBack(message: FromHub): FromHub {
    if (this.#shared.size === 0) return message
    if (message.type === 'run') return { ...message, spec: { ...message.spec, parcel: this.with(message.spec.parcel) } }
    return withItem(message, item => this.#change(item, each => this.with(each))) as FromHub
  }

  with(parcel: Parcel): Parcel {
    const { kept = '', ...rest } = parcel
    const shared = this.#shared.get(kept)
    this.#shared.delete(kept)
    return shared ? { ...rest, ...shared } : parcel
  }

  #without(parcel: Parcel): Parcel {
    if (parcel.shared.length === 0) return parcel
    const kept = uniqueId()
    const { shared, transfer } = parcel
    this.#shared.set(kept, { shared, transfer })
    return { ...parcel, shared: [], transfer: [], kept }
  }

  #change(item: QueueItem, change: (parcel: Parcel) => Parcel): QueueItem {
    const parcel = parcelOf(item)
    return parcel ? { ...(item as Extract<QueueItem, object>), parcel: change(parcel) } : item
  }
}

function parcelOf(item: QueueItem): Parcel | undefined {
  return !isPlain(item) && 'parcel' in item ? item.parcel : undefined
}
