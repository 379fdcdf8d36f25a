import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import { SessionDied } from '../errors.ts'
import { Labels } from '../output/label.ts'
import { readOutput } from '../output/source.ts'
import { CHANNEL, TASKS } from './descriptors.ts'
import type { AnswerOf, Arrival, CellError, CellRequest, CellResult, CommMessage, Owner, Question, SessionEvent } from './protocol.ts'
import { type SessionProcess, startProcess } from './process.ts'
import { Requests } from './requests.ts'
import type { Session } from './session.ts'

/** A cell that has not ended so long after an interrupt can't be stopped, in milliseconds. */
const INTERRUPT_PATIENCE = 1500

/** So many messages of comms go to the session in one. */
const ARRIVALS_AT_ONCE = 32

/** How often one that is interrupted is woken until then, in milliseconds. */
const WAKING = 100

/** How long a session may live on without its output or its requests, in milliseconds. */
const CLOSING_PATIENCE = 200

/** Keeps a process that holds the variables: `first`, and another one whenever it has died. */
export function openSession(first: SessionProcess = startProcess()): Session {
  return new Host(first)
}

class Host implements Session {
  readonly events: AsyncIterable<SessionEvent>
  readonly #cells = new Map<string, (result: CellResult) => void>()
  readonly #answers = new Map<number, PromiseWithResolvers<unknown>>()
  readonly #comms = new Map<string, () => void>()
  #process: SessionProcess
  #requests: Requests
  #closed = false
  #started = true
  #lastId = 0
  #newest: Owner = { cell: '' }
  #interruptTimer: NodeJS.Timeout | undefined
  #verdict: string | undefined
  #wasReady = false
  #hasComms = false
  #arrivals: Arrival[] = []
  #wanted = Promise.withResolvers<void>()

  constructor(first: SessionProcess) {
    this.#process = first
    this.#requests = new Requests(first)
    this.events = this.#run()
  }

  execute(request: CellRequest): Promise<CellResult> {
    const { promise, resolve } = Promise.withResolvers<CellResult>()
    this.#cells.set(request.cell, resolve)
    this.#newest = { cell: request.cell }
    this.#next().execute(request)
    return promise
  }

  async ask<Q extends Question>(question: Q): Promise<AnswerOf[Q['type']]> {
    const id = ++this.#lastId
    const answer = Promise.withResolvers<unknown>()
    this.#answers.set(id, answer)
    this.#next().ask(id, question)
    return (await answer.promise) as AnswerOf[Q['type']]
  }

  async interrupt(): Promise<void> {
    const [cell] = this.#cells.keys()
    if (cell === undefined) return this.#interruptRuns()
    this.#next().interrupt(cell)
    const until = performance.now() + INTERRUPT_PATIENCE
    this.#interruptTimer ??= setInterval(() => {
      // The code may have stopped its own process.
      this.#process.wake()
      if (performance.now() < until) return
      // The next session is not to be killed as well.
      clearInterval(this.#interruptTimer)
      this.#kill('the cell could not be interrupted')
    }, WAKING)
  }

  /** What a control has begun runs without a cell. */
  #interruptRuns(): void {
    if (this.#hasComms) this.#next().interrupt()
  }

  input(id: number, value: string): void {
    this.#next().input(id, value)
  }

  comm(parent: string, comm: CommMessage): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#comms.set(parent, resolve)
    // A burst goes out together, but not so late that the session has to wait for it.
    const count = this.#arrivals.push({ parent, comm })
    if (count === 1) process.nextTick(() => this.#sendArrivals())
    else if (count === ARRIVALS_AT_ONCE) this.#sendArrivals()
    return promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#wanted.resolve()
    clearTimeout(this.#interruptTimer)
    this.#process.kill()
    await this.#process.ended
  }

  #sendArrivals(): void {
    if (this.#arrivals.length === 0) return
    const arrivals = this.#arrivals
    this.#arrivals = []
    this.#next().comms(arrivals)
  }

  /** For the next request: what has come before it goes first. */
  #next(): Requests {
    this.#sendArrivals()
    if (!this.#started) this.#start()
    return this.#requests
  }

  /** One session after the other, as one stream of events. */
  async *#run(): AsyncGenerator<SessionEvent> {
    const labels = new Labels()
    while (!this.#closed) {
      this.#wanted = Promise.withResolvers()
      const { stdout, stderr, ended } = this.#process
      this.#watch(this.#process)
      for await (const event of readOutput(stdout, stderr)) {
        // Not `yield*`, which takes several turns for each event.
        for (const each of labels.of(this.#owned(event))) yield each
        this.#read(event)
      }
      const reason = this.#verdict ?? (await ended)
      this.#process.kill()
      if (this.#closed) return
      for (const event of this.#bury(reason)) for (const each of labels.of(event)) yield each
      await this.#wanted.promise
    }
  }

  /** What nobody knows the owner of is the newest cell's. */
  #owned(event: SessionEvent): SessionEvent {
    return event.type === 'stream' && event.owner.cell === '' ? { ...event, owner: this.#newest } : event
  }

  /** A cell may have closed what a session hears and speaks by: without these it can't go on. */
  #watch(session: SessionProcess): void {
    let isRunning = true
    void session.ended.then(() => (isRunning = false))
    const replace = async (what: string) => {
      await sleep(CLOSING_PATIENCE, undefined, { ref: false })
      // This process may have been held up, too, and learn just now that the session has ended, and how.
      await nextTurn()
      if (isRunning && session === this.#process) this.#kill(`the code closed ${what}`)
    }
    session.stdout.once('end', () => void replace('descriptor 1, which carries all output'))
    session.channel.once('close', () => void replace(`descriptor ${CHANNEL}, by which it takes requests`))
    session.tasks.once('close', () => void replace(`descriptor ${TASKS}, by which it takes cells`))
  }

  #start(): void {
    this.#process = startProcess()
    this.#requests = new Requests(this.#process)
    this.#started = true
    this.#wasReady = false
    this.#hasComms = false
    this.#wanted.resolve()
  }

  /** What waits for an event may go on once the reader has come back for more. */
  #read(event: SessionEvent): void {
    if (event.type === 'ready') this.#wasReady = true
    else if (event.type === 'done') this.#finish(event.cell, event.result)
    else if (event.type === 'answer') this.#answers.get(event.id)?.resolve(event.answer)
    else if (event.type === 'handled') this.#comms.get(event.parent)?.()
    else if (event.type === 'comm') this.#hasComms = true
    else if (event.type === 'lost') this.#verdict = event.reason
    if (event.type === 'answer') this.#answers.delete(event.id)
    if (event.type === 'handled') this.#comms.delete(event.parent)
  }

  #finish(cell: string, result: CellResult): void {
    this.#requests.ended()
    this.#cells.get(cell)?.(result)
    this.#cells.delete(cell)
    clearTimeout(this.#interruptTimer)
    this.#interruptTimer = undefined
  }

  /** Tells whoever waits how the session died, and starts the next one. */
  *#bury(reason: string): Generator<SessionEvent> {
    const died = new SessionDied(reason)
    this.#verdict = undefined
    for (const answer of this.#answers.values()) answer.reject(died)
    for (const handled of this.#comms.values()) handled()
    this.#answers.clear()
    this.#comms.clear()
    const cells = [...this.#cells.keys()]
    this.#started = false
    // One that could not even start is tried again when somebody needs it, not over and over.
    if (this.#wasReady) this.#start()
    yield { type: 'restarted', reason }
    for (const cell of cells) {
      const error: CellError = { ename: died.name, evalue: died.message, traceback: [`\u001b[31m${died.name}\u001b[39m: ${died.message}`] }
      yield { type: 'error', owner: { cell }, error }
      const done: SessionEvent = { type: 'done', cell, result: { status: 'error', error } }
      yield done
      this.#read(done)
    }
  }

  #kill(verdict: string): void {
    this.#verdict = verdict
    this.#process.kill()
  }
}
