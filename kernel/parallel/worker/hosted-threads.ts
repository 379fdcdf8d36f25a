import { capture } from '../capture/capture.ts'
import { realm } from '../client/realm.ts'
import { quietly } from '../client/unreferenced.ts'
import { ThreadRunner } from '../hub/thread-runner.ts'
import type { Running } from '../hub/workers.ts'
import type { ThreadNews, ThreadOrder, ToHub } from '../protocol.ts'
import type { Scope } from '../share/operations.ts'
import { serveVariables } from '../share/owner.ts'
import type { HostOutput } from './hosting.ts'
import type { Kept } from './kept.ts'

interface HostOptions extends HostOutput {
  readonly kept: Kept
  post(message: ToHub): void
}

type Orders = { readonly [T in ThreadOrder['type']]: (thread: number, order: Extract<ThreadOrder, { type: T }>) => void }

/** The threads of a process: they share its variables as the session's share the notebook's. */
export class HostedThreads {
  readonly #options: HostOptions
  readonly #runner: ThreadRunner
  readonly #threads = new Map<number, Promise<Running>>()

  constructor(options: HostOptions) {
    const { processName, folder = process.cwd() } = realm()
    options.sink.identify()
    this.#options = options
    this.#runner = new ThreadRunner({ sink: options.sink, memory: options.memory, process: processName, folder })
  }

  take(thread: number, order: ThreadOrder): void {
    ;(this.#orders[order.type] as (thread: number, order: ThreadOrder) => void)(thread, order)
  }

  readonly #orders: Orders = {
    run: (thread, { spec }) => {
      const starting = this.#runner.start({ ...spec, parcel: this.#options.kept.with(spec.parcel) })
      this.#threads.set(thread, starting)
      void starting.then(running => this.#follow(thread, running))
    },
    hear: (thread, { message }) => this.#with(thread, ({ client }) => client.post(this.#options.kept.giveBack(message))),
    kill: (thread, { signal }) => this.#with(thread, running => running.kill(signal)),
    measure: thread => this.#with(thread, async running => this.#tell(thread, { type: 'spent', spent: await running.spent().catch(() => undefined) }))
  }

  #with(thread: number, act: (running: Running) => unknown): void {
    void this.#threads.get(thread)?.then(act)
  }

  async #follow(thread: number, running: Running): Promise<void> {
    running.client.listen(message => this.#pass(thread, running, message))
    // Whoever listens to a thread waits for it, as far as Node is concerned.
    quietly(() => running.client.hold(false))
    const { again: _, ...ending } = await running.ended
    this.#threads.delete(thread)
    this.#tell(thread, { type: 'ended', ending })
  }

  #pass(thread: number, running: Running, message: ToHub): void {
    if (message.type === 'serve') return void serveVariables(message.end.port, variables, message.end.memory)
    this.#tell(thread, { type: 'says', message: this.#options.kept.keep(message) })
    if (message.type === 'finished') running.finished(message.outcome, message.clean)
  }

  #tell(thread: number, news: ThreadNews): void {
    this.#options.post({ type: 'thread', thread, news })
  }
}

/** The process's own, of which its target has some by name. */
const variables: Scope = {
  has: name => realm().scope.lookup(name) !== undefined,
  get: name => Reflect.get(globalThis, name) as unknown,
  set: (name, value) => {
    if (!Reflect.set(globalThis, name, value)) throw new TypeError('Assignment to constant variable.')
  },
  capture: (values, mode) => capture(values, realm().scope, mode, 'objects of the process')
}
