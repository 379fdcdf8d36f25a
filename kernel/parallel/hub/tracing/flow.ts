import type { MessageEvent } from '../../trace/events.ts'
import { Deque } from '../deque.ts'

/** The items of a queue in the order in which they are got, by the events that tell of them. */
export class Flow {
  /** Put before anybody traced. */
  #unknown: number
  readonly #known = new Deque<MessageEvent>()
  readonly #withdrawn = new WeakSet<MessageEvent>()

  constructor(unknown: number) {
    this.#unknown = unknown
  }

  put(message: MessageEvent): void {
    this.#known.push(message)
  }

  /** It was refused, or nobody waits any more until there is room for it. */
  withdraw(message: MessageEvent): void {
    this.#withdrawn.add(message)
  }

  /** The next item is got. Undefined when it was put before anybody traced. */
  take(): MessageEvent | undefined {
    if (this.#unknown > 0) {
      this.#unknown--
      return undefined
    }
    const [message] = this.#known.take(1)
    return message && this.#withdrawn.has(message) ? this.take() : message
  }
}
