import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Address, readAddress } from '../../cluster/address.ts'
import { Endpoint } from '../../cluster/endpoint.ts'
import { channelOf } from '../../cluster/frame.ts'
import { farewell, isRefusal, readHello } from '../../cluster/hello.ts'
import { readKey } from '../../cluster/key.ts'
import { areThereOthers, type MachineReport, machines } from '../../cluster/machine-report.ts'
import { Queues } from '../../cluster/queues.ts'
import { Order, type OrderOptions } from './order.ts'

export interface ConnectionOptions {
  readonly url: string
  readonly keyFile?: string | undefined
  readonly insecure?: boolean | undefined
}

/** A session's connection with a cluster. */
export class ClusterConnection implements AsyncDisposable {
  readonly address: Address
  readonly #endpoint: Endpoint
  readonly #queues: Queues
  readonly #orders: Map<string, Order>

  static async open({ url, ...options }: ConnectionOptions): Promise<ClusterConnection> {
    const address = readAddress(url)
    const key = await readKey(options, address)
    const orders = new Map<string, Order>()
    const endpoint = await Endpoint.open({
      address,
      key,
      hello: frame => {
        const hello = readHello(key.secret, frame)
        if (!hello) return
        if (isRefusal(hello)) return orders.get(hello.job)?.refuse(hello)
        const channel = channelOf(frame)
        if (!orders.get(hello.job)?.begin(hello, channel)) endpoint.post(hello.machine.id, farewell(key.secret, hello, channel))
      }
    })
    return new ClusterConnection(address, endpoint, orders)
  }

  constructor(address: Address, endpoint: Endpoint, orders: Map<string, Order>) {
    this.address = address
    this.#endpoint = endpoint
    this.#orders = orders
    this.#queues = new Queues(endpoint.redis, endpoint.names)
    endpoint.redis.on('ready', () => {
      for (const order of orders.values()) if (order.isWaiting) order.place().catch(() => undefined)
    })
  }

  machines(): Promise<MachineReport[]> {
    return machines(this.#endpoint.redis, this.#endpoint.names)
  }

  /** A job that is not in its queue yet. It is known here until `forget`. */
  order(options: OrderOptions): Order {
    const order = new Order(this.#endpoint, this.#queues, options)
    this.#orders.set(order.ticket.id, order)
    return order
  }

  forget(order: Order): void {
    this.#orders.delete(order.ticket.id)
  }

  /** Why a job with these tags may have to wait. */
  async whyWaiting(tags: readonly string[]): Promise<string> {
    const { redis, names } = this.#endpoint
    if (redis.status !== 'ready') return `the Redis at ${this.address.shown} does not answer.`
    const present = await this.machines()
    const able = present.filter(({ tags: offered, state }) => state === 'ready' && tags.every(tag => offered.includes(tag)))
    if (able.length > 0) return `all ${able.reduce((sum, { concurrency }) => sum + concurrency, 0)} places of the ${able.length === 1 ? 'machine' : `${able.length} machines`} are taken.`
    const what = tags.length > 0 ? ` with the tags ${tags.join(', ')}` : ''
    const others = (await areThereOthers(redis, names)) ? ' There are machines with another key.' : ''
    return `there is no machine${what}.${others} Start one: paracell worker --redis ${this.address.shown} --key-file FILE${tags.length > 0 ? ` --tags ${tags.join(',')}` : ''}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const order of this.#orders.values()) order.close()
    // What the machines are to hear of it leaves in the next turn.
    await nextTurn()
    await this.#queues.close()
    await this.#endpoint[Symbol.asyncDispose]()
  }
}
