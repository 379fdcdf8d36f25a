import { UsageError } from '../../errors.ts'
import type { Sink } from '../../output/sink.ts'
import { uniqueId } from '../../random.ts'
import type { MachineReport } from '../../cluster/machine-report.ts'
import type { Runner } from '../hub/workers.ts'
import type { ClusterConnection, ConnectionOptions } from './connection.ts'
import type { LocalCluster, LocalOptions } from './local.ts'

/** What somebody who has connected with a cluster knows of it. */
export interface ClusterHandle {
  readonly id: string
  /** Its address, without the password. */
  readonly url: string
  readonly machines: readonly MachineReport[]
}

interface Open {
  readonly connection: ClusterConnection
  readonly runner: Runner
  /** What goes with it. */
  readonly local?: LocalCluster
}

/** The clusters that the session is connected with. What it takes is loaded with the first one. */
export class Clusters {
  readonly #sink: Sink
  readonly #open = new Map<string, Open>()

  constructor(sink: Sink) {
    this.#sink = sink
  }

  async connect(options: ConnectionOptions): Promise<ClusterHandle> {
    const [{ ClusterConnection }, { ClusterRunner }] = await Promise.all([import('./connection.ts'), import('./runner.ts')])
    const connection = await ClusterConnection.open(options)
    const id = uniqueId()
    this.#open.set(id, { connection, runner: new ClusterRunner(this.#sink, connection) })
    return { id, url: connection.address.shown, machines: await connection.machines() }
  }

  /** Starts a cluster on this machine, and connects with it. */
  async local(options: LocalOptions): Promise<ClusterHandle> {
    const { startLocal } = await import('./local.ts')
    const local = await startLocal(options)
    try {
      const handle = await this.connect({ url: local.url, keyFile: local.keyFile })
      this.#open.set(handle.id, { ...this.#find(handle.id), local })
      await local.forgetKey()
      return handle
    } catch (error) {
      await local[Symbol.asyncDispose]()
      throw error
    }
  }

  /** The processes of clusters on this machine. */
  get pids(): number[] {
    return [...this.#open.values()].flatMap(({ local }) => local?.pids ?? [])
  }

  async machines(id: string): Promise<MachineReport[]> {
    return await this.#find(id).connection.machines()
  }

  async disconnect(id: string): Promise<void> {
    const open = this.#open.get(id)
    this.#open.delete(id)
    await open?.connection[Symbol.asyncDispose]()
    await open?.local?.[Symbol.asyncDispose]()
  }

  runner(id: string): Runner {
    return this.#find(id).runner
  }

  #find(id: string): Open {
    const open = this.#open.get(id)
    if (!open) throw new UsageError('The connection with this cluster is closed: connect again, by Cluster.connect.')
    return open
  }
}
