import { currentSignal } from '../session/owner.ts'

/** Whether a change from one to the other is none. Objects are the same when they are one; arrays, by their items. */
export function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) return one.length === other.length && one.every((item, index) => same(item, other[index]))
  if (one instanceof Date && other instanceof Date) return one.getTime() === other.getTime()
  return Object.is(one, other)
}

type Subscribe<T> = (push: (item: T) => void) => Disposable

/** Events as something to loop over: from the beginning of the loop on, all of them, in order. */
export class ChangeStream<T> implements AsyncIterable<T> {
  readonly #subscribe: Subscribe<T>
  readonly #onEnd: (end: () => void) => Disposable

  constructor(subscribe: Subscribe<T>, onEnd: (end: () => void) => Disposable) {
    this.#subscribe = subscribe
    this.#onEnd = onEnd
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    const waiting: T[] = []
    let wake = Promise.withResolvers<void>()
    let isEnded = false
    const signal = currentSignal()
    const ring = () => wake.resolve()
    using _changes = this.#subscribe(item => {
      waiting.push(item)
      ring()
    })
    using _end = this.#onEnd(() => {
      isEnded = true
      ring()
    })
    signal?.addEventListener('abort', ring)
    while (true) {
      yield* waiting.splice(0)
      signal?.throwIfAborted()
      if (waiting.length > 0) continue
      if (isEnded) return
      await wake.promise
      wake = Promise.withResolvers()
    }
  }
}
