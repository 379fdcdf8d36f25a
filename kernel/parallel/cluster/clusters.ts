import { UsageError } from '../../errors.ts'
import type { Sink } from '../../output/sink.ts'
import { uniqueId } from '../../random.ts'
import type { MachineReport } from '../../cluster/machine-report.ts'
import type { Runner } from '../hub/workers.ts'
import type { ClusterConnection, ConnectionOptions } from './connection.ts'

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

  async machines(id: string): Promise<MachineReport[]> {
    return await this.#find(id).connection.machines()
  }

  async disconnect(id: string): Promise<void> {
    const open = this.#open.get(id)
    this.#open.delete(id)
    await open?.connection[Symbol.asyncDispose]()
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
