import { Word } from './inside.ts'

/** How long the main thread may leave a message of a control waiting, in milliseconds: shorter runs may end by themselves. */
const PATIENCE = 50

/**
 * Ends what keeps the main thread from hearing of a newer value of a control: a run for an older one that computes
 * without awaiting anything. The main thread itself looks, in the middle of what it does, whether it is that.
 */
export class StaleRuns {
  readonly #words: Int32Array
  readonly #look: (controls: readonly string[]) => Promise<unknown>
  readonly #controls = new Set<string>()
  #passed = 0
  #isWatching = false

  /** @param look has the main thread end what these controls make stale, if it runs that */
  constructor(words: Int32Array, look: (controls: readonly string[]) => Promise<unknown>) {
    this.#words = words
    this.#look = look
  }

  /** Messages of these controls were passed to the main thread, in one list. */
  watch(controls: readonly string[]): void {
    this.#passed++
    for (const control of controls) this.#controls.add(control)
    if (!this.#isWatching) void this.#untilTaken()
  }

  async #untilTaken(): Promise<void> {
    this.#isWatching = true
    for (let taken = this.#taken; taken < this.#passed; taken = this.#taken) {
      const { value } = Atomics.waitAsync(this.#words, Word.commsTaken, taken, PATIENCE)
      if ((await value) === 'timed-out') await this.#look([...this.#controls])
    }
    this.#isWatching = false
    this.#controls.clear()
  }

  get #taken(): number {
    return Atomics.load(this.#words, Word.commsTaken)
  }
}
