import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { inspect } from 'node:util'
import { UsageError } from '../errors.ts'
import type { MachineReport } from '../cluster/machine-report.ts'
import { registerCodec } from './capture/codecs.ts'
import { realm } from './client/realm.ts'
import type { ClusterHandle } from './cluster/clusters.ts'

export interface ConnectOptions {
  /** A file with the key that all of the cluster share. Default: the one that PARACELL_KEY_FILE names. */
  readonly keyFile?: string
  /** Without a key, by a Redis that only this machine can reach. Default: false. */
  readonly insecure?: boolean
}

export interface LocalOptions {
  /** How many machines to play. Default: 2. */
  readonly machines?: number
  /** How many jobs each of them runs at a time. Default: as many as this machine runs at once. */
  readonly concurrency?: number
}

/**
 * Machines that work for the notebook. On each of them runs `paracell worker --redis URL --key-file FILE`; all that they
 * and the notebook have in common is a Redis, or Valkey.
 *
 * @example
 * const cluster = await Cluster.connect('rediss://:password@redis.example.org', { keyFile: 'cluster.key' })
 * const child = new Process({ target: () => console.log('hello from far away'), cluster })
 * child.start()
 * await child.join()
 */
export class Cluster implements AsyncDisposable {
  readonly id: string
  /** The address of its Redis, without the password. */
  readonly url: string
  #machines: readonly MachineReport[]
  /** Those that are connected here, the newest last. */
  static #connected: readonly Cluster[] = []

  /** @throws {UsageError} within seconds, when no Redis answers, or when it doesn't let us in */
  static async connect(url = process.env['PARACELL_REDIS'], { keyFile = process.env['PARACELL_KEY_FILE'], insecure = false }: ConnectOptions = {}): Promise<Cluster> {
    if (typeof url !== 'string') throw new UsageError("Cluster.connect takes the address of a Redis, as in Cluster.connect('redis://localhost:6379').")
    const key = keyFile === undefined || insecure ? {} : { keyFile: resolve(keyFile) }
    return Cluster.#note((await realm().client.ask({ type: 'connect', url, insecure, ...key })) as ClusterHandle)
  }

  /**
   * A cluster on the notebook's own machine, to try things out: a Redis of its own, by the system's `redis-server` or
   * `valkey-server`, and so many workers that play machines. It ends with `close()`, or with the session.
   *
   * @throws {UsageError} where the system has neither; it says what to install
   * @example
   * await using cluster = await Cluster.local({ machines: 2 })
   * const child = new Process({ target: () => console.log('as if far away'), cluster })
   * child.start()
   * await child.join()
   */
  static async local({ machines = 2, concurrency = availableParallelism() }: LocalOptions = {}): Promise<Cluster> {
    for (const [name, value] of Object.entries({ machines, concurrency })) {
      if (!Number.isInteger(value) || value < 1) throw new UsageError(`${name} of a cluster is a whole number from 1 on, not ${inspect(value)}.`)
    }
    return Cluster.#note((await realm().client.ask({ type: 'local', machines, concurrency })) as ClusterHandle)
  }

  /** Of those that are connected here, the newest: the one that `%%cluster` takes. */
  static get latest(): Cluster | undefined {
    return Cluster.#connected.at(-1)
  }

  static #note(handle: ClusterHandle): Cluster {
    const cluster = new Cluster(handle)
    Cluster.#connected = [...Cluster.#connected, cluster]
    return cluster
  }

  private constructor({ id, url, machines }: ClusterHandle) {
    this.id = id
    this.url = url
    this.#machines = machines
  }

  /**
   * The machines that are there, as they were two seconds ago at most.
   *
   * @example (await cluster.workers()).map(({ name, load, memory }) => `${name} ${load} ${memory.free} MB`)
   */
  async workers(): Promise<readonly MachineReport[]> {
    this.#machines = (await realm().client.ask({ type: 'machines', cluster: this.id })) as MachineReport[]
    return this.#machines
  }

  /** How many processes it runs at a time, as far as is known. `workers()` looks again. */
  get places(): number {
    return this.#machines.reduce((sum, { concurrency, state }) => sum + (state === 'ready' ? concurrency : 0), 0)
  }

  /** Ends the connection. What runs by it is ended by the machines. */
  async close(): Promise<void> {
    Cluster.#connected = Cluster.#connected.filter(({ id }) => id !== this.id)
    await realm().client.ask({ type: 'disconnect', cluster: this.id })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  static {
    registerCodec('Cluster', {
      test: value => value instanceof Cluster,
      encode: (cluster: Cluster) => ({ id: cluster.id, url: cluster.url, machines: cluster.#machines }),
      decode: (handle: ClusterHandle) => new Cluster(handle)
    })
  }
}
