import { setMaxListeners } from 'node:events'
import { constants } from 'node:os'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Hears Ctrl-C and its like, as long as it isn't disposed of, instead of dying of them. */
export class StopSignals implements Disposable {
  readonly #asked = new AbortController()
  readonly #insisted = new AbortController()
  readonly #listener = (signal: NodeJS.Signals) => {
    if (this.#asked.signal.aborted) this.#insisted.abort()
    else this.#asked.abort(signal)
  }

  constructor() {
    // Each of many runs listens.
    setMaxListeners(0, this.asked, this.insisted)
    for (const signal of SIGNALS) process.on(signal, this.#listener)
  }

  /** Aborted by the first signal. */
  get asked(): AbortSignal {
    return this.#asked.signal
  }

  /** Aborted by the second. */
  get insisted(): AbortSignal {
    return this.#insisted.signal
  }

  /** The exit code that shells use for a program that a signal ended, such as 130. */
  get exitCode(): number {
    return 128 + constants.signals[this.#asked.signal.reason as NodeJS.Signals]
  }

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) process.off(signal, this.#listener)
  }
}
