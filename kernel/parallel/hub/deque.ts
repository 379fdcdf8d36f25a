/** First in, first out, quick however long it is; what was taken can be put back in front. */
export class Deque<T> {
  #front: T[] = []
  #back: T[] = []
  #head = 0

  get length(): number {
    return this.#front.length - this.#head + this.#back.length
  }

  push(item: T): void {
    this.#back.push(item)
  }

  /** Takes up to `count` from the front. */
  take(count: number): T[] {
    if (this.#head === this.#front.length) this.#turn()
    const end = Math.min(this.#head + count, this.#front.length)
    const taken = this.#front.slice(this.#head, end)
    this.#front.fill(undefined as T, this.#head, end)
    this.#head = end
    return taken
  }

  /** Puts items in front of all others, in their order. */
  unshift(items: readonly T[]): void {
    if (items.length === 0) return
    this.#front = [...items, ...this.#front.slice(this.#head)]
    this.#head = 0
  }

  #turn(): void {
    this.#front = this.#back
    this.#back = []
    this.#head = 0
  }
}
