import { ForkUnavailable } from './fork-server-process.ts'
import { forkServer } from './fork-server.ts'
import { spawner } from './spawner.ts'
import type { StartedProcess, Starter, StartOptions } from './starter.ts'

/** A fork server where the system can fork a Node process, and a spawner elsewhere; which one turns out at the first use. */
export function defaultStarter(entry: string): Starter {
  return process.platform === 'linux' ? new FallbackStarter(entry) : spawner(entry)
}

class FallbackStarter implements Starter {
  readonly #entry: string
  #starter: Starter

  constructor(entry: string) {
    this.#entry = entry
    this.#starter = forkServer(entry)
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
      if (this.#starter === tried) this.#starter = spawner(this.#entry)
      return run(this.#starter)
    }
  }
}
