import { ForkUnavailable } from './fork-server-process.ts'
import { forkServer } from './fork-server.ts'
import { spawner } from './spawner.ts'
import type { StartedProcess, Starter, StartOptions } from './starter.ts'

/** A fork server where the system can fork a Node process, and a spawner elsewhere; which one turns out at the first use. */
export function defaultStarter(entry: string): Starter {
  return process.platform === 'linux' ? withFallback(forkServer(entry), () => spawner(entry)) : spawner(entry)
}

/** The first starter until it says that forking is unavailable, and the second from then on. */
export function withFallback(first: Starter, second: () => Starter): Starter {
  return new FallbackStarter(first, second)
}

class FallbackStarter implements Starter {
  readonly #second: () => Starter
  #starter: Starter

  constructor(first: Starter, second: () => Starter) {
    this.#starter = first
    this.#second = second
  }

  warm(): Promise<void> {
    return this.#try((starter) => starter.warm())
  }

  start(options?: StartOptions): Promise<StartedProcess> {
    return this.#try((starter) => starter.start(options))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#starter[Symbol.asyncDispose]()
  }

  async #try<Result>(run: (starter: Starter) => Promise<Result>): Promise<Result> {
    const tried = this.#starter
    try {
      return await run(tried)
    } catch (error) {
      if (!(error instanceof ForkUnavailable)) throw error
      if (this.#starter === tried) this.#starter = this.#second()
      return run(this.#starter)
    }
  }
}
