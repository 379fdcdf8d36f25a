import { fileURLToPath } from 'node:url'
import { entryFile } from '../../entry-file.ts'
import type { Sink } from '../../output/sink.ts'
import { socketLink } from '../links.ts'
import type { FromHub, StartMethod, ToHub, WorkerSpec } from '../protocol.ts'
import { getStartMethod } from '../start-method.ts'
import { defaultStarter } from '../start/default-starter.ts'
import { spawner } from '../start/spawner.ts'
import { spentBy } from '../start/spent.ts'
import type { Starter } from '../start/starter.ts'
import { environmentFor } from '../worker/packages-folder.ts'
import { outputPassed, passOutput } from './pass-output.ts'
import type { Runner, Running } from './workers.ts'

const starters: { readonly [M in StartMethod]: (entry: string) => Starter } = { forkserver: defaultStarter, spawn: spawner }

/** Runs targets in processes, one each. */
export class ProcessRunner implements Runner {
  readonly #sink: Sink
  readonly #starters: Partial<Record<StartMethod, Starter>> = {}

  constructor(sink: Sink) {
    this.#sink = sink
  }

  async start(spec: WorkerSpec): Promise<Running> {
    const { cwd, folder } = spec
    const process = await this.#open(spec.startMethod).start({ cwd, env: environmentFor(folder, cwd) })
    const client = socketLink<FromHub, ToHub>(process.link)
    const output = passOutput(process, spec.owner, this.#sink)
    client.post({ type: 'run', spec })
    return {
      pid: process.pid,
      client,
      ended: process.exited.then(async exit => {
        await output
        return exit
      }),
      finished: () => undefined,
      kill: signal => process.kill(signal),
      spent: () => spentBy(process.pid),
      settled: () => outputPassed(process)
    }
  }

  async warm(): Promise<void> {
    await this.#open(getStartMethod()).warm()
  }

  #open(method: StartMethod): Starter {
    return (this.#starters[method] ??= starters[method](fileURLToPath(entryFile('parallel/worker/process-entry'))))
  }
}
