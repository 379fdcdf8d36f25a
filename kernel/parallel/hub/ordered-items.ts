import { isPlain } from '../plain.ts'
import type { QueueItem, QueueSpec } from '../protocol.ts'
import { Deque } from './deque.ts'

/** The items of a queue, in the order in which they are taken. */
export interface Items {
  readonly length: number
  push(item: QueueItem): void
  /** Takes up to `count`. */
  take(count: number): QueueItem[]
  /** Puts back what was taken last. */
  unshift(items: readonly QueueItem[]): void
}

export function itemsOf({ order }: QueueSpec): Items {
  if (order === 'lifo') return new LastFirst()
  return order === 'priority' ? new ByPriority() : new Deque<QueueItem>()
}

class LastFirst implements Items {
  readonly #items: QueueItem[] = []

  get length(): number {
    return this.#items.length
  }

  push(item: QueueItem): void {
    this.#items.push(item)
  }

  take(count: number): QueueItem[] {
    return this.#items.splice(Math.max(0, this.#items.length - count)).toReversed()
  }

  unshift(items: readonly QueueItem[]): void {
    this.#items.push(...items.toReversed())
  }
}

/** Lower ones first; of equal ones, the first that came. */
class ByPriority implements Items {
  readonly #lines = new Map<number, Deque<QueueItem>>()
  /** Of the lines that have items, ascending. */
  readonly #priorities: number[] = []
  length = 0

  push(item: QueueItem): void {
    this.#line(priorityOf(item)).push(item)
    this.length++
  }

  take(count: number): QueueItem[] {
    const taken: QueueItem[] = []
    while (taken.length < count && this.length > 0) {
      const [first] = this.#priorities as [number]
      const line = this.#lines.get(first) as Deque<QueueItem>
      const some = line.take(count - taken.length)
      this.length -= some.length
      taken.push(...some)
      if (line.length === 0) this.#lines.delete(this.#priorities.shift() as number)
    }
    return taken
  }

  unshift(items: readonly QueueItem[]): void {
    for (const item of items.toReversed()) this.#line(priorityOf(item)).unshift([item])
    this.length += items.length
  }

  #line(priority: number): Deque<QueueItem> {
    const known = this.#lines.get(priority)
    if (known) return known
    const line = new Deque<QueueItem>()
    this.#lines.set(priority, line)
    const place = this.#priorities.findIndex(each => each > priority)
    this.#priorities.splice(place < 0 ? this.#priorities.length : place, 0, priority)
    return line
  }
}

const priorityOf = (item: QueueItem): number => (isPlain(item) ? 0 : (item.priority ?? 0))
