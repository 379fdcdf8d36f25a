import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { writeFrame } from '../channel/frames.ts'
import { SessionDied } from '../errors.ts'
import { readOutput } from '../output/source.ts'
import { entryFile } from '../entry-file.ts'
import type { AnswerOf, CellError, CellRequest, CellResult, CommMessage, Question, Request, SessionEvent } from './protocol.ts'
import type { Session } from './session.ts'
import { labelled } from '../output/label.ts'

/** A cell that has not ended so long after an interrupt can't be stopped, in milliseconds. */
const INTERRUPT_PATIENCE = 2000

/** Starts the process that will hold the variables, and another one whenever it has died. */
export function openSession(): Session {
  return new Host()
}

class Host implements Session {
  readonly events: AsyncIterable<SessionEvent>
  readonly #cells = new Map<string, (result: CellResult) => void>()
  readonly #answers = new Map<number, PromiseWithResolvers<unknown>>()
  readonly #comms = new Map<string, () => void>()
  #process: ChildProcess
  #closed = false
  #started = true
  #lastId = 0
  #interruptTimer: NodeJS.Timeout | undefined
  #verdict: string | undefined
  #wasReady = false
  #hasComms = false
  #wanted = Promise.withResolvers<void>()

  constructor() {
    this.#process = startProcess()
    this.events = labelled(this.#run())
  }

  execute(request: CellRequest): Promise<CellResult> {
    const { promise, resolve } = Promise.withResolvers<CellResult>()
    this.#cells.set(request.cell, resolve)
    this.#send({ type: 'execute', request })
    return promise
  }

  async ask<Q extends Question>(question: Q): Promise<AnswerOf[Q['type']]> {
    const id = ++this.#lastId
    const answer = Promise.withResolvers<unknown>()
    this.#answers.set(id, answer)
    this.#send({ type: 'ask', id, question })
    return (await answer.promise) as AnswerOf[Q['type']]
  }

  async interrupt(): Promise<void> {
    const [cell] = this.#cells.keys()
    if (cell === undefined) return this.#interruptRuns()
    this.#send({ type: 'interrupt', cell })
    this.#interruptTimer ??= setTimeout(() => this.#kill('the cell could not be interrupted'), INTERRUPT_PATIENCE)
  }

  /** What a control has begun runs without a cell. */
  #interruptRuns(): void {
    if (this.#hasComms) this.#send({ type: 'interrupt' })
  }

  input(id: number, value: string): void {
    this.#send({ type: 'input', id, value })
  }

  comm(parent: string, comm: CommMessage): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#comms.set(parent, resolve)
    this.#send({ type: 'comm', parent, comm })
    return promise
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    this.#wanted.resolve()
    clearTimeout(this.#interruptTimer)
    const { promise, resolve } = Promise.withResolvers<void>()
    if (hasEnded(this.#process)) resolve()
    else this.#process.once('exit', () => resolve())
    killGroup(this.#process)
    await promise
  }

  #send(request: Request): void {
    if (!this.#started) this.#start()
    const channel = this.#process.stdio[3] as Writable
    if (!channel.destroyed) writeFrame(channel, request)
  }

  /** One session after the other, as one stream of events. */
  async *#run(): AsyncGenerator<SessionEvent> {
    while (!this.#closed) {
      this.#wanted = Promise.withResolvers()
      const ended = ending(this.#process)
      for await (const event of readOutput(this.#process.stdout as Readable, this.#process.stderr as Readable)) {
        yield event
        this.#read(event)
      }
      const reason = this.#verdict ?? (await ended)
      killGroup(this.#process)
      if (this.#closed) return
      yield* this.#bury(reason)
      await this.#wanted.promise
    }
  }

  #start(): void {
    this.#process = startProcess()
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
    this.#cells.get(cell)?.(result)
    this.#cells.delete(cell)
    clearTimeout(this.#interruptTimer)
    this.#interruptTimer = undefined
  }

  /** Tells whoever waits how the session died, and starts the next one. */
  async *#bury(reason: string): AsyncGenerator<SessionEvent> {
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
    killGroup(this.#process)
  }
}

function startProcess(): ChildProcess {
  // A process group of its own: what a cell starts can be ended with it, and a terminal's Ctrl-C is the front's alone.
  const child = spawn(process.execPath, ['--no-warnings', fileURLToPath(entryFile('session/entry'))], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true
  })
  // Its end is told by `exit`, with the reason.
  child.stdio[3]?.on('error', () => undefined)
  return child
}

/** How the process ended, in words. */
async function ending(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  if (hasEnded(child)) resolve(describe(child.exitCode, child.signalCode))
  child.once('exit', (code, signal) => resolve(describe(code, signal)))
  child.once('error', error => resolve(`it could not start: ${error.message}`))
  return promise
}

function describe(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGABRT') return 'it aborted (SIGABRT), perhaps out of memory'
  return signal ? `it was killed by ${signal}` : `the code ended it with exit code ${code}`
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody is left in it.
  }
}
