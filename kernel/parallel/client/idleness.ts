import { mayBeWoken, quietly, watchUnreferenced } from './unreferenced.ts'

type Emit = (name: string, ...values: unknown[]) => boolean

const wrappers = new WeakSet<object>()

/**
 * Finds out whether a realm has nothing left to do but to wait for the hub. Node knows that exactly: a program that
 * can't go on it would end, and it says so before. No timer, socket, child program or native task is overlooked, nor is
 * one that was told not to keep the program going.
 */
export class Idleness {
  readonly #hold: (alive: boolean) => void
  #isListening = false
  #onIdle: (() => void) | undefined

  /** `hold` says whether the link to the hub keeps the event loop going. */
  constructor(hold: (alive: boolean) => void) {
    this.#hold = alive => quietly(() => hold(alive))
    watchUnreferenced()
  }

  /** Calls back once, as soon as the realm is idle, unless `stop` is called before. */
  watch(onIdle: () => void): void {
    this.#wrap()
    this.#onIdle = onIdle
    this.#hold(false)
  }

  stop(): void {
    if (!this.#onIdle) return
    this.#onIdle = undefined
    this.#hold(true)
  }

  /** Listeners of the user's must not hear that the program ends when it doesn't. */
  #wrap(): void {
    if (!wrappers.has(process.emit)) {
      const emit = process.emit as Emit
      const wrapped: Emit = (name, ...values) => (name === 'beforeExit' && this.#onIdle ? this.#idle() : Reflect.apply(emit, process, [name, ...values]))
      wrappers.add((process.emit = wrapped as typeof process.emit))
    }
    if (this.#isListening) return
    this.#isListening = true
    // Libraries such as signal-exit put back the function that was there before them.
    process.prependListener('beforeExit', () => this.#onIdle && this.#idle())
  }

  #idle(): true {
    const onIdle = this.#onIdle
    this.stop()
    if (!mayBeWoken()) onIdle?.()
    return true
  }
}
