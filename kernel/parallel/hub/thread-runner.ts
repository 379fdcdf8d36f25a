import { Worker } from 'node:worker_threads'
import { constants } from 'node:os'
import { entryFile } from '../../entry-file.ts'
import { ThreadNumber } from '../../session/inside.ts'
import { portLink } from '../links.ts'
import type { Exit } from '../start/starter.ts'
import type { FromHub, ToHub, WorkerSpec } from '../protocol.ts'
import { variableChannel } from '../share/channel.ts'
import type { ThreadData } from '../worker/thread-entry.ts'
import type { Runner, Running, WorkersOptions } from './workers.ts'

/** Runs targets in threads. A thread that nothing was left behind in runs the next target, too. */
export class ThreadRunner implements Runner {
  readonly #options: WorkersOptions
  readonly #idle: PooledThread[] = []
  #lastNumber: number = ThreadNumber.firstWorker

  constructor(options: WorkersOptions) {
    this.#options = options
  }

  async start(spec: WorkerSpec): Promise<Running> {
    const thread = this.#idle.pop() ?? this.#create()
    const { owner, thread: end, transferList } = variableChannel()
    this.#options.main.post({ type: 'serve', end: owner }, [owner.port])
    return thread.run(spec, end, transferList, clean => {
      if (clean) this.#idle.push(thread)
    })
  }

  #create(): PooledThread {
    const number = this.#lastNumber++
    const { memory, output, sink } = this.#options
    return new PooledThread({ sink: memory, output, number }, () => sink.release(number))
  }
}

/** One worker thread. */
class PooledThread {
  readonly #worker: Worker
  readonly #exited: Promise<number>
  #ended = Promise.withResolvers<Exit>()
  #signal: NodeJS.Signals | undefined

  constructor(data: ThreadData, onExit: () => void) {
    this.#worker = new Worker(entryFile('parallel/worker/thread-entry'), { workerData: data, stdin: false })
    this.#exited = new Promise(resolve => this.#worker.once('exit', resolve))
    void this.#exited.then(code => {
      onExit()
      this.#ended.resolve(this.#signal ? { exitCode: -constants.signals[this.#signal], signal: this.#signal } : { exitCode: code })
    })
    // What it threw was shown by the thread itself; its exit says the rest.
    this.#worker.on('error', () => undefined)
  }

  run(spec: WorkerSpec, variables: ThreadEnd, transfer: readonly MessagePortLike[], onFinished: (clean: boolean) => void): Running {
    this.#ended = Promise.withResolvers()
    const client = portLink<FromHub, ToHub>(this.#worker)
    client.post({ type: 'run', spec, variables }, transfer)
    return {
      pid: process.pid,
      client,
      ended: this.#ended.promise,
      finished: clean => {
        this.#worker.removeAllListeners('message')
        onFinished(clean)
        if (clean) this.#ended.resolve({ exitCode: 0 })
      },
      kill: signal => {
        this.#signal ??= signal
        void this.#worker.terminate()
      }
    }
  }
}

type ThreadEnd = ReturnType<typeof variableChannel>['thread']
type MessagePortLike = ReturnType<typeof variableChannel>['transferList'][number]
