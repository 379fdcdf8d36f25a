import type { Sink } from '../../output/sink.ts'
import { outputPassed, passOutput } from '../hub/pass-output.ts'
import type { Client } from '../hub/hub.ts'
import type { Runner, Running } from '../hub/workers.ts'
import type { ClusterSpec, FromHub, ToHub, WorkerSpec } from '../protocol.ts'
import type { ClusterConnection } from './connection.ts'
import type { Order } from './order.ts'
import { remoteLink } from './remote-link.ts'
import type { RemoteExit, RemoteProcess } from './remote-process.ts'

/** Runs targets in processes of other machines. */
export class ClusterRunner implements Runner {
  readonly #sink: Sink
  readonly #connection: ClusterConnection

  constructor(sink: Sink, connection: ClusterConnection) {
    this.#sink = sink
    this.#connection = connection
  }

  async start(spec: WorkerSpec, stop: AbortSignal): Promise<Running> {
    const { tags, attempts, packages, priority } = spec.cluster as ClusterSpec
    const order = this.#connection.order({ name: spec.name, tags, attempts, packages, priority, stop, waits: () => void this.#tellWaiting(spec, tags) })
    try {
      await order.place()
      return this.#run(order, await order.next(), spec)
    } catch (error) {
      this.#connection.forget(order)
      throw error
    }
  }

  /** Machines get ready by themselves. */
  async warm(): Promise<void> {}

  #run(order: Order, process: RemoteProcess | undefined, spec: WorkerSpec): Running {
    if (!process) {
      this.#connection.forget(order)
      return neverBegun()
    }
    const machine = process.machine.name
    const owner = spec.owner.label ? { ...spec.owner, label: `${spec.name}@${machine}` } : spec.owner
    const client = remoteLink<FromHub, ToHub>(process)
    const output = passOutput(process, owner, this.#sink)
    client.post({ type: 'run', spec: { ...spec, owner, machine } })
    return {
      pid: process.pid,
      machine,
      client,
      ended: process.exited.then(async exit => {
        await output
        return this.#end(order, exit, spec)
      }),
      finished: () => undefined,
      kill: signal => process.kill(signal),
      spent: () => process.spent(),
      settled: () => outputPassed(process)
    }
  }

  #end(order: Order, exit: RemoteExit, spec: WorkerSpec): Awaited<Running['ended']> {
    const { died, ...ending } = exit
    const goesOn = order.goesOn(exit)
    if (died !== undefined) this.#tell(spec, goesOn ? `${died}; it begins again, elsewhere if need be (attempt ${order.attempt + 1} of ${order.attempts}).` : `${died}.`)
    if (goesOn) return { ...ending, again: async () => this.#run(order, await order.next(), spec) }
    this.#connection.forget(order)
    return ending
  }

  async #tellWaiting(spec: WorkerSpec, tags: readonly string[]): Promise<void> {
    this.#tell(spec, `it waits: ${await this.#connection.whyWaiting(tags)}`)
  }

  #tell({ owner, name }: WorkerSpec, text: string): void {
    this.#sink.write(owner, 'stderr', `${name}: ${text}\n`)
  }
}

/** Of a job that was stopped before a machine took it. */
function neverBegun(): Running {
  const client: Client = { post: () => undefined, moves: false, listen: () => undefined, hold: () => undefined }
  const ended = Promise.resolve({ exitCode: -15, signal: 'SIGTERM' as const })
  return { pid: 0, client, ended, finished: () => undefined, kill: () => undefined, spent: () => Promise.reject(new Error('It never began.')) }
}
