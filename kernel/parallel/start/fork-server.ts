import { checkFolder } from './folder.ts'
import { ForkServerProcess } from './fork-server-process.ts'
import type { StartedProcess, Starter, StartOptions } from './starter.ts'

const MOST_ATTEMPTS = 5

/**
 * Forks processes from one extra Node process that has loaded the entry already: a start takes milliseconds, and the
 * children share its memory until they write to it. That process starts at the first `start`, or at `warm`.
 *
 * @param entry absolute path of a module that exports `main(link)`; loading it must do nothing else
 * @example
 * await using starter = forkServer('/app/worker.ts')
 * const child = await starter.start({ env: { LANG: 'C' } })
 * child.stdout.pipe(process.stdout)
 * const { exitCode } = await child.exited
 */
export function forkServer(entry: string): Starter {
  return new ForkStarter(entry)
}

class ForkStarter implements Starter {
  readonly #entry: string
  #server: Promise<ForkServerProcess> | undefined
  #disposed = false

  constructor(entry: string) {
    this.#entry = entry
  }

  async warm(): Promise<void> {
    const server = await this.#running()
    server.prepare()
  }

  async start({ env = process.env as Record<string, string>, cwd = process.cwd() }: StartOptions = {}): Promise<StartedProcess> {
    const identity = { env: { ...env }, cwd }
    checkFolder(cwd)
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      const server = await this.#running()
      const started = await server.fork(identity)
      if (started) return started
    }
    throw new Error(`A process couldn't be started: ${MOST_ATTEMPTS} forked children died before they could run anything.`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    const server = await this.#server?.catch(() => undefined)
    await server?.[Symbol.asyncDispose]()
  }

  async #running(): Promise<ForkServerProcess> {
    if (this.#disposed) throw new Error('This starter was disposed of: it starts no more processes.')
    const known = this.#server
    const present = await known?.catch(() => undefined)
    if (present && !present.gone) return present
    // Who asked at the same time has launched one already.
    if (this.#server === known) this.#server = ForkServerProcess.launch(this.#entry)
    return this.#server as Promise<ForkServerProcess>
  }
}
