import type { Item } from '../protocol.ts'
import { type Waiter, Waiters } from './waiters.ts'

type Putter = Waiter<undefined> & { readonly item: Item }

/** A queue's items and who waits for it. `maxsize` 0 has room for everything. */
export class QueueState {
  readonly #maxsize: number
  readonly #items: Item[] = []
  readonly #getters = new Waiters<Item>()
  #putters: Putter[] = []
  #closed = false

  constructor(maxsize: number) {
    this.#maxsize = maxsize
  }

  get size(): number {
    return this.#items.length
  }

  put(putter: Putter, wait: boolean): void {
    if (this.#closed) return putter.reject(queueError('QueueClosed', 'The queue is closed: nothing can be put into it.'))
    const getter = this.#getters.shift()
    if (getter) getter.resolve(putter.item)
    else if (this.#maxsize === 0 || this.#items.length < this.#maxsize) this.#items.push(putter.item)
    else if (wait) return void this.#putters.push(putter)
    else return putter.reject(queueError('QueueFull', `The queue is full: it has its ${this.#maxsize} items.`))
    putter.resolve(undefined)
  }

  get(getter: Waiter<Item>, wait: boolean): void {
    if (this.#items.length > 0) {
      getter.resolve(this.#items.shift() as Item)
      return this.#refill()
    }
    if (this.#closed) getter.reject(queueError('QueueClosed', 'The queue is closed and empty: nothing more will come.'))
    else if (wait) this.#getters.add(getter)
    else getter.reject(queueError('QueueEmpty', 'The queue is empty.'))
  }

  /** What is in it can still be had; who waits for more is told that nothing will come. */
  close(): void {
    this.#closed = true
    this.#getters.rejectAll(queueError('QueueClosed', 'The queue is closed and empty: nothing more will come.'))
    for (const putter of this.#putters.splice(0)) putter.reject(queueError('QueueClosed', 'The queue is closed: nothing can be put into it.'))
  }

  drop(client: object, request?: number): void {
    this.#getters.drop(client, request)
    this.#putters = this.#putters.filter(putter => putter.client !== client || (request !== undefined && putter.request !== request))
  }

  #refill(): void {
    const putter = this.#putters.shift()
    if (!putter) return
    this.#items.push(putter.item)
    putter.resolve(undefined)
  }
}

/** Errors cross the link by name: the client makes the class of it. */
function queueError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}
