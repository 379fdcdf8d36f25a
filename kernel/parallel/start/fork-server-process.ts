import { fileURLToPath } from 'node:url'
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type * as net from 'node:net'
import { Arrivals, type Connections } from './arrivals.ts'
import { entryFile } from '../../entry-file.ts'
import { exitOfStatus } from './exit.ts'
import { ANSWERS, type Answer, type Ask, ASKS, frame, type Identity, type Introduction } from './fork-protocol.ts'
import { onEachMessage } from './lines.ts'
import { Running } from './running.ts'
import type { Exit, StartedProcess } from './starter.ts'

/** The system can't fork a Node process, or the library that calls fork(2) doesn't load: spawn instead. */
export class ForkUnavailable extends Error {
  override readonly name = 'ForkUnavailable'
}

interface Child {
  readonly id: number
  readonly connections: Promise<Connections>
  /** The child's number, or nothing if it ended before it could say so. */
  readonly hello: PromiseWithResolvers<number | undefined>
  readonly ended: PromiseWithResolvers<Exit>
}

// Neither its own threads nor V8's would be there in a forked child. What Node warns of is kept from cells, too.
const FLAGS = ['--single-threaded', '--v8-pool-size=0', '--disable-sigusr1', '--no-flush-bytecode', '--no-warnings']
const KILLED: Exit = { exitCode: -9, signal: 'SIGKILL' }
const LONGEST_COMPLAINT = 4000
/** How many children wait ahead of need. */
const SPARES = 1

/** The one extra process that forks, as the thread sees it that asks for children. */
export class ForkServerProcess implements AsyncDisposable {
  readonly #introduction: Introduction
  readonly #arrivals: Arrivals
  readonly #process: ChildProcess
  readonly #asks: net.Socket
  readonly #closed: Promise<unknown>
  readonly #ready = Promise.withResolvers<void>()
  readonly #children = new Map<number, Child>()
  /** Forked ahead: they wait for their identity. */
  readonly #spares = new Set<Child>()
  #count = 0
  #complaint = ''
  #gone = false

  /** Starts the process and has it load the entry. Rejects with ForkUnavailable, or with what loading the entry threw. */
  static async launch(entry: string): Promise<ForkServerProcess> {
    const introduction = { address: `\0paracell-${randomBytes(16).toString('hex')}`, token: randomBytes(16).toString('hex') }
    const arrivals = new Arrivals(introduction)
    await arrivals.listen()
    const server = new ForkServerProcess(entry, introduction, arrivals)
    try {
      await server.#ready.promise
    } catch (error) {
      await server[Symbol.asyncDispose]()
      throw error
    }
    return server
  }

  private constructor(entry: string, introduction: Introduction, arrivals: Arrivals) {
    this.#introduction = introduction
    this.#arrivals = arrivals
    const args = [...FLAGS, fileURLToPath(entryFile('parallel/start/fork-server-entry')), entry]
    this.#process = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'] })
    this.#asks = this.#process.stdio[ASKS] as net.Socket
    this.#closed = this.#watch()
    this.#send(this.#introduction)
  }

  get gone(): boolean {
    return this.#gone
  }

  /** Resolves to nothing when the child died before it could say hello, or the server did. */
  async fork(identity: Identity): Promise<StartedProcess | undefined> {
    if (this.#gone) return undefined
    const child = this.#next()
    this.prepare()
    try {
      const connections = await Promise.race([child.connections, child.hello.promise.then(() => undefined)])
      connections?.link.write(frame(identity))
      const pid = await child.hello.promise
      return connections && pid !== undefined ? new Running(pid, connections, child.ended.promise) : undefined
    } finally {
      this.#arrivals.forget(child.id)
    }
  }

  /** Has some children ready for those who will ask next. */
  prepare(): void {
    while (this.#spares.size < SPARES) {
      this.#spares.add(this.#ask())
    }
  }

  #next(): Child {
    for (const spare of this.#spares) {
      this.#spares.delete(spare)
      return spare
    }
    return this.#ask()
  }

  #ask(): Child {
    const id = ++this.#count
    const child = { id, connections: this.#arrivals.expect(id), hello: Promise.withResolvers<number | undefined>(), ended: Promise.withResolvers<Exit>() }
    // A spare may fail before anybody waits for it.
    child.hello.promise.catch(() => undefined)
    this.#children.set(id, child)
    this.#send({ id })
    return child
  }

  /** Ends the server and all of its children, and waits for their end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#asks.destroy()
    await this.#closed
    await this.#arrivals.close()
  }

  #send(message: Introduction | Ask): void {
    this.#asks.write(`${JSON.stringify(message)}\n`)
  }

  #watch(): Promise<unknown> {
    const answers = this.#process.stdio[ANSWERS] as net.Socket
    onEachMessage<Answer>(answers, (answer) => this.#take(answer))
    // A broken connection is the end of the process, which `close` tells.
    for (const socket of [answers, this.#asks, this.#process]) socket.on('error', () => {})
    for (const output of [this.#process.stdout, this.#process.stderr]) {
      output?.setEncoding('utf8').on('data', (text: string) => this.#note(text))
    }
    return once(this.#process, 'close').then(() => this.#end())
  }

  #note(text: string): void {
    this.#complaint = (this.#complaint + text).slice(-LONGEST_COMPLAINT)
  }

  // The server's descriptors are held by its children too: once they are closed, all have ended.
  #end(): void {
    this.#gone = true
    this.#arrivals.retire()
    this.#ready.reject(new Error(`The fork server ended before it was ready. ${this.#complaint}`.trim()))
    for (const child of this.#children.values()) {
      child.hello.resolve(undefined)
      child.ended.resolve(KILLED)
    }
    this.#children.clear()
    this.#spares.clear()
  }

  #take(answer: Answer): void {
    if (answer.type === 'ready') return this.#ready.resolve()
    if (answer.type === 'unable') return this.#ready.reject(inability(answer))
    const child = this.#children.get(answer.id)
    if (!child) return
    if (answer.type === 'hello') return child.hello.resolve(answer.pid)
    if (answer.type === 'refused') child.hello.reject(new Error(`A process couldn't be started: ${answer.reason}`))
    else if (answer.type === 'left') return child.ended.resolve({ exitCode: answer.exitCode })
    else child.ended.resolve(exitOfStatus(answer.status))
    child.hello.resolve(undefined)
    this.#children.delete(answer.id)
    if (this.#spares.delete(child)) this.#arrivals.forget(answer.id)
  }
}

function inability({ where, reason }: Extract<Answer, { type: 'unable' }>): Error {
  if (where === 'system') return new ForkUnavailable(`Node processes can't be forked here: ${reason}`)
  return new Error(`The code that processes run couldn't be loaded: ${reason}`)
}
