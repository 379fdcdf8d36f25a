/** How long the answer to a request waits for its first listener, in milliseconds. */
const PATIENCE = 1000

/**
 * Whether anybody listens. Who asks has subscribed as well, but by another socket, which may be connected later: without
 * waiting for it, the end of a first cell could be lost, for which some front ends wait for ever.
 */
export class Audience {
  readonly #arrived = Promise.withResolvers<void>()
  #isThere = false
  #timer: NodeJS.Timeout | undefined

  get isThere(): boolean {
    return this.#isThere
  }

  /** Resolves when somebody listens, or has been waited for long enough. */
  get arrival(): Promise<void> {
    return this.#arrived.promise
  }

  /** Somebody waits for an answer, and is waited for no longer than he would understand. */
  expect(): void {
    if (!this.#isThere) this.#timer ??= setTimeout(() => this.arrive(), PATIENCE)
  }

  arrive(): void {
    this.#isThere = true
    clearTimeout(this.#timer)
    this.#arrived.resolve()
  }
}
