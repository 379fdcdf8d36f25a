import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { entryFile } from '../../entry-file.ts'
import type { Sink } from '../../output/sink.ts'
import { readOutput } from '../../output/source.ts'
import type { Owner } from '../../session/protocol.ts'
import { socketLink } from '../links.ts'
import type { FromHub, StartMethod, ToHub, WorkerSpec } from '../protocol.ts'
import { getStartMethod } from '../start-method.ts'
import { defaultStarter } from '../start/default-starter.ts'
import { spawner } from '../start/spawner.ts'
import type { StartedProcess, Starter } from '../start/starter.ts'
import type { Runner, Running, Spent } from './workers.ts'

/** Loaded when somebody first asks. */
async function spentBy(pid: number): Promise<Spent> {
  const { default: pidusage } = await import('pidusage')
  // It keeps a process's file open so long, in milliseconds.
  const { ctime, memory } = await pidusage(pid, { maxage: 1000 })
  return { cpuTime: ctime, memory }
}

const starters: { readonly [M in StartMethod]: (entry: string) => Starter } = { forkserver: defaultStarter, spawn: spawner }

/** Runs targets in processes, one each. */
export class ProcessRunner implements Runner {
  readonly #sink: Sink
  readonly #starters: Partial<Record<StartMethod, Starter>> = {}

  constructor(sink: Sink) {
    this.#sink = sink
  }

  async start(spec: WorkerSpec): Promise<Running> {
    const process = await this.#open(spec.startMethod).start({ cwd: spec.cwd })
    const client = socketLink<FromHub, ToHub>(process.link)
    const output = this.#pass(process, spec.owner)
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
      spent: () => spentBy(process.pid)
    }
  }

  async warm(): Promise<void> {
    await this.#open(getStartMethod()).warm()
  }

  #open(method: StartMethod): Starter {
    return (this.#starters[method] ??= starters[method](fileURLToPath(entryFile('parallel/worker/process-entry'))))
  }

  /** Puts out what the process prints and says, until it has ended; what its children print later, too. */
  async #pass({ stdout, stderr, exited }: StartedProcess, owner: Owner): Promise<void> {
    const [out, error] = [new PassThrough(), new PassThrough()]
    stdout.pipe(out, { end: false })
    stderr.pipe(error, { end: false })
    void exited.then(() => {
      for (const [from, to, name] of [[stdout, out, 'stdout'], [stderr, error, 'stderr']] as const) {
        from.unpipe(to)
        to.end()
        from.on('data', late => this.#sink.write(owner, name, late))
      }
    })
    for await (const event of readOutput(out, error)) {
      if (event.type === 'stream') this.#sink.write(event.owner.cell ? event.owner : owner, event.name, event.text)
      else this.#sink.event(event)
    }
  }
}
