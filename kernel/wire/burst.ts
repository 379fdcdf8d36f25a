import { setTimeout as pause } from 'node:timers/promises'

/** Many messages that come in at once: taking them goes before telling of each. */
export class Burst {
  readonly #quiet: number
  readonly #longest: number
  #first = -Infinity
  #last = -Infinity

  /**
   * @param quiet it is over when nothing has come for so long, in milliseconds…
   * @param longest …and holds up nothing for longer than this
   */
  constructor(quiet = 8, longest = 100) {
    this.#quiet = quiet
    this.#longest = longest
  }

  /** One of many has come. */
  note(): void {
    const now = performance.now()
    if (now - this.#last > this.#quiet) this.#first = now
    this.#last = now
  }

  get isOn(): boolean {
    return this.#left > 0
  }

  /** Resolves when it is over, or has held up others for long enough. */
  async over(): Promise<void> {
    while (this.isOn) await pause(this.#left)
  }

  get #left(): number {
    return Math.min(this.#last + this.#quiet, this.#first + this.#longest) - performance.now()
  }
}
