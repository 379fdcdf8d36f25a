import type { FromHub, ThreadNews, ThreadOrder, ToHub, WorkerSpec } from '../protocol.ts'
import type { Spent } from '../start/spent.ts'
import type { Client } from './hub.ts'
import type { Running } from './workers.ts'

/** The threads that live in a worker process: the hub speaks with each by the process's own link. */
export class ThreadHost {
  readonly #process: Running
  readonly #threads = new Map<number, (news: ThreadNews) => void>()
  #last = 0

  constructor(process: Running) {
    this.#process = process
  }

  start(spec: WorkerSpec): Running {
    const { client, pid, machine, settled } = this.#process
    const thread = ++this.#last
    const tell = (order: ThreadOrder) => client.post({ type: 'thread', thread, order })
    const hosted = new HostedThread(tell, this.#process)
    this.#threads.set(thread, news => hosted.take(news))
    void hosted.ended.then(() => this.#threads.delete(thread))
    const where = machine === undefined ? {} : { machine }
    tell({ type: 'run', spec: { ...spec, ...where } })
    return {
      pid,
      ...where,
      client: hosted.client,
      ended: hosted.ended,
      finished: () => undefined,
      kill: signal => tell({ type: 'kill', signal }),
      spent: () => hosted.spent(),
      ...(settled ? { settled } : {})
    }
  }

  take(thread: number, news: ThreadNews): void {
    this.#threads.get(thread)?.(news)
  }
}

/** One of them. */
class HostedThread {
  readonly client: Client
  /** It ends with its process at the latest. */
  readonly ended: Running['ended']
  readonly #tell: (order: ThreadOrder) => void
  readonly #said = Promise.withResolvers<Awaited<Running['ended']>>()
  #measured = Promise.withResolvers<Spent | undefined>()
  #listener: (message: ToHub) => void = () => undefined

  constructor(tell: (order: ThreadOrder) => void, process: Running) {
    const end = Promise.race([this.#said.promise, process.ended])
    this.#tell = tell
    this.ended = end.then(async ({ exitCode, signal, outcome }) => {
      await process.settled?.()
      return { exitCode, ...(signal ? { signal } : {}), ...(outcome ? { outcome } : {}) }
    })
    this.client = {
      post: (message: FromHub) => tell({ type: 'hear', message }),
      moves: false,
      listen: listener => {
        this.#listener = listener
      },
      hold: () => undefined
    }
  }

  take(news: ThreadNews): void {
    if (news.type === 'says') this.#listener(news.message)
    else if (news.type === 'ended') this.#said.resolve(news.ending)
    else {
      this.#measured.resolve(news.spent)
      this.#measured = Promise.withResolvers()
    }
  }

  async spent(): Promise<Spent> {
    this.#tell({ type: 'measure' })
    const spent = await Promise.race([this.#measured.promise, this.ended.then(() => undefined)])
    if (!spent) throw new Error('The thread has ended.')
    return spent
  }
}
