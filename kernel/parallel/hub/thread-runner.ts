import { SHARE_ENV, Worker } from 'node:worker_threads'
import { constants } from 'node:os'
import { entryFile } from '../../entry-file.ts'
import type { OutputServer } from '../../output/inherited.ts'
import { type Sink, type SinkMemory, ThreadNumber } from '../../output/sink.ts'
import type { Owner } from '../../session/protocol.ts'
import { quietly } from '../client/unreferenced.ts'
import { portLink } from '../links.ts'
import type { Ending, FromHub, Outcome, ToHub, WorkerSpec } from '../protocol.ts'
import type { ThreadData } from '../worker/thread-entry.ts'
import type { Spent } from '../start/spent.ts'
import type { Runner, Running } from './workers.ts'

/** Where threads live: in the session, or in a worker process. */
export interface ThreadPlace {
  readonly sink: Sink
  readonly memory: SinkMemory
  /** Only in the session: a process has descriptors of its own. */
  readonly output?: OutputServer
  readonly folder: string
  /** The name of the process, where it is not the session. */
  readonly process?: string
}

/** Runs targets in threads. A thread that nothing was left behind in runs the next target, too. */
export class ThreadRunner implements Runner {
  readonly #place: ThreadPlace
  readonly #idle = new Set<PooledThread>()
  #lastNumber: number = ThreadNumber.firstWorker

  constructor(place: ThreadPlace) {
    this.#place = place
  }

  async start(spec: WorkerSpec): Promise<Running> {
    // What others have left on a thread's heap must not count.
    const [idle] = spec.maxMemory === undefined ? this.#idle : []
    if (idle) this.#idle.delete(idle)
    const thread = idle ?? this.#create()
    return thread.run(spec, clean => {
      if (clean) this.#idle.add(thread)
    })
  }

  async warm(): Promise<void> {
    if (this.#idle.size === 0) this.#idle.add(this.#create())
  }

  #create(): PooledThread {
    const number = this.#lastNumber++
    const { memory, output, process, folder, sink } = this.#place
    const thread = new PooledThread({ sink: memory, output, process, folder, number }, {
      exited: () => {
        sink.release(number)
        this.#idle.delete(thread)
      },
      failed: (owner, error) => sink.write(owner, 'stderr', `${error.stack}\n`)
    })
    return thread
  }
}

interface ThreadWatcher {
  exited(): void
  /** Something was thrown where no target ran. */
  failed(owner: Owner, error: Error): void
}

/** One worker thread. */
class PooledThread {
  readonly #worker: Worker
  readonly #exited: Promise<number>
  #ended = Promise.withResolvers<Ending>()
  #signal: NodeJS.Signals | undefined
  #owner: Owner = { cell: '' }
  #outcome: Outcome | undefined

  constructor(data: ThreadData, watcher: ThreadWatcher) {
    this.#worker = new Worker(entryFile('parallel/worker/thread-entry'), { workerData: data, stdin: false, env: SHARE_ENV })
    // A process waits for those that it started, and ends with all others.
    if (data.process) quietly(() => this.#worker.unref())
    this.#exited = new Promise(resolve => this.#worker.once('exit', resolve))
    void this.#exited.then(code => {
      watcher.exited()
      const exit = this.#signal ? { exitCode: -constants.signals[this.#signal], signal: this.#signal } : { exitCode: code }
      this.#ended.resolve(this.#outcome ? { ...exit, outcome: this.#outcome } : exit)
    })
    this.#worker.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') this.#burst()
      else watcher.failed(this.#owner, error)
    })
  }

  run(spec: WorkerSpec, onFinished: (clean: boolean) => void): Running {
    this.#ended = Promise.withResolvers()
    this.#owner = spec.owner
    const client = portLink<FromHub, ToHub>(this.#worker)
    client.post({ type: 'run', spec }, spec.parcel.transfer)
    return {
      pid: process.pid,
      client,
      ended: this.#ended.promise,
      finished: ({ status }, clean) => {
        this.#worker.removeAllListeners('message')
        onFinished(clean)
        if (clean) this.#ended.resolve({ exitCode: status === 'returned' ? 0 : 1 })
      },
      kill: signal => {
        this.#signal ??= signal
        void this.#worker.terminate()
      },
      spent: () => this.#spent()
    }
  }

  /** Its heap has reached the limit that V8 sets: the thread is at its end, and the session, with luck, is not. */
  #burst(): void {
    this.#signal ??= 'SIGKILL'
    this.#outcome = { status: 'threw', error: { name: 'OutOfMemory', message: 'it ran out of memory and was ended', stack: '' } }
  }

  async #spent(): Promise<Spent> {
    const [{ user, system }, heap] = await Promise.all([this.#worker.cpuUsage(), this.#worker.getHeapStatistics()])
    return { cpuTime: (user + system) / 1000, memory: heap.total_physical_size + heap.external_memory }
  }
}
