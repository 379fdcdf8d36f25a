import { availableParallelism, freemem, hostname, loadavg, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import type { Job, Worker } from 'bullmq'
import { readAddress } from '../cluster/address.ts'
import { Endpoint } from '../cluster/endpoint.ts'
import { type KeyOptions, readKey } from '../cluster/key.ts'
import type { MachineReport } from '../cluster/machine-report.ts'
import { queueOf } from '../cluster/names.ts'
import { expireQueue } from '../cluster/queues.ts'
import { openTicket, type Package, Refused, type SealedTicket } from '../cluster/ticket.ts'
import { entryFile } from '../entry-file.ts'
import { UsageError } from '../errors.ts'
import { defaultStarter } from '../parallel/start/default-starter.ts'
import type { Starter } from '../parallel/start/starter.ts'
import { runJob } from './job.ts'

/** A job whose machine has not been heard of for so long is begun elsewhere, in milliseconds. */
const LOCK = 10_000
const MB = 2 ** 20
/** By how much of what lives the memory may grow before the next collection, in per cent: bytes that pass through are soon many times as much. */
const GARBAGE = 500
/** How often the queues' lifetimes are made longer, in milliseconds. */
const KEEP = 5000
/** More would be more queues than anybody needs: one for each combination. */
const MOST_TAGS = 4

export interface MachineOptions extends KeyOptions {
  readonly url: string
  /** What others call it. Default: the host's name. */
  readonly name?: string | undefined
  /** How many jobs at a time. Default: as many as the machine runs at once. */
  readonly concurrency?: number | undefined
  readonly tags?: readonly string[] | undefined
  /** Where a job's packages are, once it is sure that they are there. */
  provide(packages: readonly Package[]): Promise<string>
  /** Tells whoever runs it of something. */
  report(line: string): void
}

/** Takes jobs of a cluster, and runs each in a process of its own. */
export class Machine implements AsyncDisposable {
  readonly name: string
  readonly tags: readonly string[]
  readonly concurrency: number
  /** The address of its Redis, without the password. */
  readonly address: string
  readonly #options: MachineOptions
  readonly #endpoint: Endpoint
  readonly #starter: Starter
  readonly #since = new Date()
  readonly #stop = new AbortController()
  readonly #timer: NodeJS.Timeout
  #workers: readonly Worker<SealedTicket>[] = []
  #running = 0
  #state: MachineReport['state'] = 'ready'

  /** @throws {UsageError} when no Redis answers, or there is no key */
  static async open(options: MachineOptions): Promise<Machine> {
    checkTags(options.tags ?? [])
    const address = readAddress(options.url)
    const key = await readKey(options, address)
    setFlagsFromString(`--heap-growing-percent=${GARBAGE}`)
    const starter = defaultStarter(fileURLToPath(entryFile('parallel/worker/process-entry')))
    const endpoint = await Endpoint.open({ address, key })
    const machine = new Machine(options, address.shown, endpoint, starter)
    await Promise.all([starter.warm(), machine.#listen()])
    return machine
  }

  private constructor(options: MachineOptions, address: string, endpoint: Endpoint, starter: Starter) {
    const { name = hostname(), tags = [], concurrency = availableParallelism() } = options
    this.name = name
    this.tags = tags
    this.concurrency = concurrency
    this.address = address
    this.#options = options
    this.#endpoint = endpoint
    this.#starter = starter
    this.#timer = setInterval(() => void this.#keepQueues(), KEEP)
  }

  describe(): MachineReport {
    return {
      name: this.name,
      host: hostname(),
      pid: process.pid,
      tags: this.tags,
      concurrency: this.concurrency,
      running: this.#running,
      state: this.#state,
      load: Math.round((loadavg()[0] ?? 0) * 100) / 100,
      cores: availableParallelism(),
      memory: { free: Math.round(freemem() / MB), total: Math.round(totalmem() / MB) },
      node: process.version,
      since: this.#since
    }
  }

  get running(): number {
    return this.#running
  }

  /** Takes no new jobs. Resolves when those that run have ended. */
  async drain(): Promise<void> {
    this.#state = 'draining'
    const closing = Promise.all(this.#workers.map(worker => worker.close()))
    await this.#endpoint.pulse.beat().catch(() => undefined)
    await closing
  }

  /** Ends what runs; others begin it again. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    clearInterval(this.#timer)
    await this.drain()
    await this.#starter[Symbol.asyncDispose]()
    await this.#endpoint[Symbol.asyncDispose]()
  }

  async #listen(): Promise<void> {
    const { Worker } = await import('bullmq')
    const options = {
      connection: this.#endpoint.redis,
      prefix: this.#endpoint.names.prefix,
      name: this.name,
      concurrency: this.concurrency,
      // Nothing of a job stays, whoever has sent it.
      removeOnComplete: { count: 0 },
      removeOnFail: { count: 0 },
      lockDuration: LOCK,
      stalledInterval: LOCK / 2,
      // How often a job may begin is for whoever has ordered it to say.
      maxStalledCount: 1000
    }
    this.#workers = subsets(this.tags).map(tags => new Worker<SealedTicket>(queueOf(tags), (job, token) => this.#take(job, token), options))
    for (const worker of this.#workers) worker.on('error', () => undefined)
    await Promise.all(this.#workers.map(worker => worker.waitUntilReady()))
    await Promise.all([this.#endpoint.pulse.list(() => this.describe()), this.#keepQueues()])
  }

  async #take(job: Job<SealedTicket>, token: string | undefined): Promise<void> {
    if (this.#running >= this.concurrency) return await giveBack(job, token)
    this.#running++
    this.#fill()
    try {
      const ticket = openTicket(this.#endpoint.key.secret, job.data, job.id)
      await runJob(ticket, { name: this.name, endpoint: this.#endpoint, starter: this.#starter, stop: this.#stop.signal, provide: this.#options.provide })
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      this.#options.report(`Job ${job.id} was refused: ${error.message}.`)
      await discard(error)
    } finally {
      this.#running--
      this.#fill()
    }
  }

  /** With several queues, none is asked for more than there is room for. */
  #fill(): void {
    if (this.#workers.length < 2) return
    const isFull = this.#running >= this.concurrency
    for (const worker of this.#workers) {
      if (isFull && !worker.isPaused()) void worker.pause(true)
      else if (!isFull && worker.isPaused() && this.#state === 'ready') worker.resume()
    }
  }

  async #keepQueues(): Promise<void> {
    const { redis, names } = this.#endpoint
    for (const { name } of this.#workers) await expireQueue(redis, names, name).catch(() => undefined)
  }
}

/** It came when the last place had just been taken. */
async function giveBack(job: Job<SealedTicket>, token: string | undefined): Promise<never> {
  const { WaitingError } = await import('bullmq')
  await job.moveToWait(token)
  throw new WaitingError()
}

/** It is not tried again. */
async function discard({ message }: Error): Promise<never> {
  const { UnrecoverableError } = await import('bullmq')
  throw new UnrecoverableError(message)
}

/** All combinations, the empty one included. */
function subsets(tags: readonly string[]): string[][] {
  return tags.reduce<string[][]>((found, tag) => [...found, ...found.map(subset => [...subset, tag])], [[]])
}

function checkTags(tags: readonly string[]): void {
  if (tags.length > MOST_TAGS) throw new UsageError(`A machine has ${MOST_TAGS} tags at most, not ${tags.length}.`)
  const wrong = tags.find(tag => !/^[\w.-]+$/.test(tag))
  if (wrong !== undefined) throw new UsageError(`A tag is a word, such as gpu, not "${wrong}".`)
}
