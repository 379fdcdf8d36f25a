import inspector from 'node:inspector'
import { setTimeout as pause } from 'node:timers/promises'
import type { Sink } from '../output/sink.ts'
import { descendants, signalAll } from '../parallel/programs/descendants.ts'
import { killSession } from './broken.ts'
import { Word } from './inside.ts'
import { STACK, stopExpression } from './whereabouts.ts'

/** How long the main thread may take to hear of an interrupt from its event loop, in milliseconds. */
const PATIENCE = 15

/** How often child programs are asked before they are killed. */
const POLITE_TRIES = 30

/** How often the kernel's own code is spared, which may be in the middle of a message. */
const KERNEL_TRIES = 20

/** How long the main thread may take to end what it runs, in milliseconds: an answer whose own evaluation was ended may never come. */
const STOP_PATIENCE = 300

/** How long the main thread may take to show that it still runs ticks, microtasks and immediates, in milliseconds. */
const HEALTH_PATIENCE = 1000

/** How long after an interrupt the code of its cell is watched, and how long it may hold up the next one, in milliseconds. */
const SUSPICION = 10_000
const ROOM_PATIENCE = 20

export interface InterrupterOptions {
  readonly words: Int32Array
  readonly sink: Sink
  tellMain(id: number): void
  /** The cell that runs, or ran last. */
  runningCell(): string
}

interface Evaluated {
  readonly failed: boolean
  readonly value: unknown
}

/**
 * Stops what the main thread does, with all variables kept. A main thread that only waits is told; one that is busy has
 * its JavaScript ended through the inspector, and its synchronous child programs get a terminal's SIGINT.
 */
export class Interrupter {
  readonly #options: InterrupterOptions
  #session: inspector.Session | undefined
  #settled = Promise.resolve()
  #lastId = 0
  #stopping: Promise<void> | undefined
  #suspiciousUntil = 0
  readonly #interrupted = new Set<string>()

  constructor(options: InterrupterOptions) {
    this.#options = options
  }

  /** Resolves when no interrupt is under way: before, no other cell must start. */
  get settled(): Promise<void> {
    return this.#settled
  }

  /** Stops the cell, unless another one runs by the time that earlier interrupts have settled. */
  interrupt(cell: string): void {
    this.#settled = this.#settled.then(async () => {
      if (this.#options.runningCell() !== cell) return
      if (!this.#isSuspicious) this.#interrupted.clear()
      this.#interrupted.add(cell)
      await this.#interrupt(++this.#lastId)
    })
  }

  /** Evaluates an expression in the main thread, in the middle of what it does; resolves when it was, to its value if it has one that is plain. */
  async evaluate(expression: string): Promise<Evaluated> {
    const { promise, resolve } = Promise.withResolvers<Evaluated>()
    this.#connect().post('Runtime.evaluate', { expression, silent: true, returnByValue: true }, (failure, answer) =>
      resolve({ failed: failure !== null || answer.exceptionDetails !== undefined, value: answer?.result?.value as unknown })
    )
    return promise
  }

  /** Tells again and again: a termination that comes late may hit the very code that takes the message. */
  async #interrupt(id: number): Promise<void> {
    Atomics.store(this.#options.words, Word.interruptWanted, id)
    await Atomics.waitAsync(this.#options.words, Word.ready, 0).value
    for (let tries = 0; ; tries++) {
      this.#options.tellMain(id)
      const taken = await this.#taken(id)
      if (taken && !this.#stopping) break
      if (taken) await this.#stopping
      else {
        // First: what waits for a child must not go on when that has ended.
        this.#stop(tries >= KERNEL_TRIES)
        signalChildren(tries < POLITE_TRIES ? 'SIGINT' : 'SIGKILL')
      }
    }
    await this.#checkHealth(id)
    await this.#stopping
    this.#suspiciousUntil = performance.now() + SUSPICION
  }

  /**
   * Ends what an interrupted cell may have left behind, such as a callback that loops, when it keeps the main thread
   * from beginning the next cell, whose number this is.
   */
  async makeRoom(number: number): Promise<void> {
    const { words } = this.#options
    while (this.#isSuspicious) {
      await Atomics.waitAsync(words, Word.cellsBegun, number - 1, ROOM_PATIENCE).value
      if (Atomics.load(words, Word.cellsBegun) >= number) return
      this.#stop(false, [...this.#interrupted])
      await this.#stopping
    }
  }

  get #isSuspicious(): boolean {
    return performance.now() < this.#suspiciousUntil
  }

  /** The stack of what keeps the main thread busy; undefined where that can't be seen in so many milliseconds. */
  async look(patience: number): Promise<unknown> {
    return await Promise.race([this.evaluate(STACK).then(({ value }) => value), pause(patience, undefined, { ref: false })])
  }

  /**
   * Code that was ended at a bad moment may have left Node's own queues broken: then nothing would ever run again. What
   * the cell has set up before, such as the callback of a child program, may begin to loop as late as now.
   */
  async #checkHealth(id: number): Promise<void> {
    const { words, sink, runningCell, tellMain } = this.#options
    const deadline = performance.now() + HEALTH_PATIENCE
    while (Atomics.load(words, Word.healthyAfter) !== id && performance.now() < deadline) {
      tellMain(id)
      const waited = Atomics.waitAsync(words, Word.healthyAfter, Atomics.load(words, Word.healthyAfter), PATIENCE).value
      if ((await waited) === 'timed-out') this.#stop(false)
    }
    if (Atomics.load(words, Word.healthyAfter) === id) return
    const owner = { cell: runningCell() }
    sink.write(owner, 'stderr', 'The code could be stopped only together with its session: the variables are gone.\n')
    sink.event({ type: 'lost', reason: 'it could not go on after the interrupt' })
    killSession()
  }

  async #taken(id: number): Promise<boolean> {
    const { words } = this.#options
    const last = Atomics.load(words, Word.interruptTaken)
    if (last !== id) await Atomics.waitAsync(words, Word.interruptTaken, last, PATIENCE).value
    return Atomics.load(words, Word.interruptTaken) === id
  }

  /**
   * Has the main thread end the user's code that it runs, at once: what is ended from here might hit what runs next, and
   * the kernel's own must not lose what it is in the middle of. With `cells`, only the work of these. One at a time.
   */
  #stop(force: boolean, cells?: readonly string[]): void {
    if (this.#stopping || Atomics.load(this.#options.words, Word.loading) === 1) return
    const stopped = Promise.race([this.#askToStop(force, cells), pause(STOP_PATIENCE, undefined, { ref: false })])
    this.#stopping = stopped.then(() => {
      this.#stopping = undefined
    })
  }

  async #askToStop(force: boolean, cells?: readonly string[]): Promise<void> {
    const { failed } = await this.evaluate(stopExpression(force, cells))
    // Code that has broken what it asks by is ended from here.
    if (!failed || cells) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#connect().post('Runtime.terminateExecution', () => resolve())
    await promise
  }

  #connect(): inspector.Session {
    if (!this.#session) {
      this.#session = new inspector.Session()
      this.#session.connectToMainThread()
    }
    return this.#session
  }
}

/** All below the main thread's child programs get what Ctrl-C in a terminal sends them. */
function signalChildren(signal: NodeJS.Signals): void {
  signalAll(descendants(process.pid), signal)
}
