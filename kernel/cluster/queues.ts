import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import { type Names, queueOf } from './names.ts'
import { LIFETIME, type SealedTicket } from './ticket.ts'

/** Before the second attempt, in milliseconds; twice as long before each further one. */
const BACKOFF = 1000
/** How often the queues' lifetimes are made longer, in milliseconds. */
const KEEP = 60_000
/** What BullMQ keeps of the past of a queue, for whoever watches it. */
const EVENTS = 1000
/** The parts of a queue of BullMQ that have no end by themselves. */
const PARTS = ['meta', 'id', 'events', 'wait', 'active', 'delayed', 'prioritized', 'paused', 'completed', 'failed', 'stalled', 'marker', 'pc']

export interface JobOptions {
  readonly name: string
  readonly tags: readonly string[]
  readonly attempts: number
  /** Lower goes first, from 1 on; without one, before all that have one. */
  readonly priority?: number | undefined
}

/** The queues in which jobs wait for a machine with the tags that they need. */
export class Queues {
  readonly #redis: Redis
  readonly #names: Names
  /** When each got its lifetime last, in milliseconds since 1970. */
  readonly #kept = new Map<string, number>()
  readonly #queues = new Map<string, Promise<Queue<SealedTicket>>>()

  constructor(redis: Redis, names: Names) {
    this.#redis = redis
    this.#names = names
  }

  /** Nothing happens when the job is in its queue already. */
  async add(id: string, ticket: SealedTicket, { name, tags, attempts, priority }: JobOptions): Promise<void> {
    const queue = await this.#open(queueOf(tags))
    const backoff = { type: 'exponential', delay: BACKOFF }
    await queue.add(name, ticket, { jobId: id, attempts, backoff, ...(priority === undefined ? {} : { priority }), removeOnComplete: true, removeOnFail: true })
    await this.#redis.pexpire(`${this.#names.prefix}:${queue.name}:${id}`, LIFETIME)
    await this.#keep(queue.name)
  }

  /** Nothing happens when a machine has it. */
  async remove(id: string, tags: readonly string[]): Promise<void> {
    const queue = await this.#open(queueOf(tags))
    await queue.remove(id).catch(() => undefined)
  }

  async close(): Promise<void> {
    for (const queue of this.#queues.values()) await (await queue).close()
  }

  #open(name: string): Promise<Queue<SealedTicket>> {
    let queue = this.#queues.get(name)
    if (!queue) this.#queues.set(name, (queue = this.#make(name)))
    return queue
  }

  async #keep(name: string): Promise<void> {
    if (Date.now() - (this.#kept.get(name) ?? 0) < KEEP) return
    this.#kept.set(name, Date.now())
    await expireQueue(this.#redis, this.#names, name)
  }

  async #make(name: string): Promise<Queue<SealedTicket>> {
    const { Queue } = await import('bullmq')
    const queue = new Queue<SealedTicket>(name, { connection: this.#redis, prefix: this.#names.prefix, streams: { events: { maxLen: EVENTS } } })
    queue.on('error', () => undefined)
    return queue
  }
}

/** Lets a queue vanish when nobody has used it for long. */
export async function expireQueue(redis: Redis, { prefix }: Names, name: string): Promise<void> {
  const asked = redis.pipeline()
  for (const part of PARTS) asked.pexpire(`${prefix}:${name}:${part}`, LIFETIME)
  await asked.exec()
}
