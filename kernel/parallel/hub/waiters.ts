/** Who waits for something in the hub, first come first served. */
export interface Waiter<T> {
  readonly client: object
  readonly request: number
  resolve(value: T): void
  reject(error: Error): void
}

export class Waiters<T> {
  #waiting: Waiter<T>[] = []

  get size(): number {
    return this.#waiting.length
  }

  add(waiter: Waiter<T>): void {
    this.#waiting.push(waiter)
  }

  shift(): Waiter<T> | undefined {
    return this.#waiting.shift()
  }

  /** Forgets a request, or all of a client that has gone. */
  drop(client: object, request?: number): void {
    this.#waiting = this.#waiting.filter(waiter => waiter.client !== client || (request !== undefined && waiter.request !== request))
  }

  rejectAll(error: Error): void {
    for (const waiter of this.#waiting.splice(0)) waiter.reject(error)
  }
}
