import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Dealer, Subscriber } from 'zeromq'
import { Codec } from '../../wire/codec.ts'
import { addressOf, type Connection, readConnection } from '../../wire/connection.ts'
import { childOf, type Content, type Message } from '../../wire/messages.ts'
import { type ConnectionFile, newConnectionFile } from './connection-file.ts'

/** How long a kernel has to end in good order, in milliseconds. */
const PATIENCE = 5_000

export interface KernelPlace {
  /** The file that starts kernels: this project's main. */
  readonly main: string
  /** The folder that the kernel works in. */
  readonly cwd: string
  /** Gives up the start. */
  readonly signal: AbortSignal
}

interface Request {
  readonly receive: (message: Message) => void
  readonly reply: PromiseWithResolvers<Content>
  readonly idle: PromiseWithResolvers<void>
}

/**
 * A kernel in a process of its own, started as the kernelspec says, and a front end to it.
 *
 * @example
 * await using kernel = await KernelClient.start({ main, cwd: '.', signal })
 * const { status } = await kernel.execute('1 + 1', (message) => console.log(message.content))
 */
export class KernelClient implements AsyncDisposable {
  readonly #file: ConnectionFile
  readonly #process: ChildProcess
  readonly #codec: Codec
  readonly #sockets = { shell: new Dealer({ linger: 0 }), control: new Dealer({ linger: 0 }), iopub: subscriber() }
  readonly #requests = new Map<string, Request>()
  readonly #welcome = Promise.withResolvers<void>()
  readonly #end = Promise.withResolvers<never>()

  private constructor(file: ConnectionFile, connection: Connection, process: ChildProcess) {
    this.#file = file
    this.#process = process
    this.#codec = new Codec(connection)
    this.#end.promise.catch(() => undefined)
    process.once('error', this.#end.reject)
    process.once('exit', (code, signal) => this.#end.reject(new Error(`The kernel ended by itself (${signal ?? `exit code ${code}`}).`)))
    for (const name of ['shell', 'control', 'iopub'] as const) {
      const socket = this.#sockets[name]
      socket.connect(addressOf(connection, name))
      this.#read(socket).catch(this.#end.reject)
    }
    this.#sockets.iopub.subscribe()
  }

  /** Starts a kernel; resolves when its output reaches us. Rejects when it ends before, or the signal is aborted. */
  static async start({ main, cwd, signal }: KernelPlace): Promise<KernelClient> {
    const file = await newConnectionFile()
    // In a process group of its own: a terminal's Ctrl-C reaches us alone, who pass it on and write what there is.
    // Nobody is there to read warnings about types, unless somebody says so, and what runs by itself is nobody's history.
    const env = { PARACELL_TYPES: 'off', ...process.env, JPY_PARENT_PID: String(process.pid), PARACELL_HISTORY: 'off' }
    const child = spawn(process.execPath, [main, 'kernel', file.path], { cwd, env, detached: true, stdio: ['ignore', 2, 2] })
    const client = new KernelClient(file, await readConnection(file.path), child)
    const giveUp = () => client.kill()
    signal.addEventListener('abort', giveUp)
    try {
      if (signal.aborted) giveUp()
      await Promise.race([client.#welcome.promise, client.#end.promise])
      return client
    } catch (error) {
      await client[Symbol.asyncDispose]()
      throw error
    } finally {
      signal.removeEventListener('abort', giveUp)
    }
  }

  /** What the kernel says about itself. */
  async info(): Promise<Content> {
    return this.#request('shell', 'kernel_info_request', {})
  }

  /**
   * Runs a cell; resolves to its reply when all that it prints meanwhile has arrived.
   *
   * @param receive gets what came on iopub for the cell, also later
   * @param options with `silent`, it is no cell of the notebook: it has no number
   */
  async execute(code: string, receive: (message: Message) => void, { silent = false } = {}): Promise<Content> {
    const content = { code, silent, store_history: !silent, user_expressions: {}, allow_stdin: false, stop_on_error: true }
    return this.#request('shell', 'execute_request', content, receive)
  }

  async interrupt(): Promise<void> {
    await this.#request('control', 'interrupt_request', {})
  }

  /** Ends the kernel whatever it does. */
  kill(): void {
    this.#process.kill('SIGKILL')
  }

  /** Asks the kernel to end, waits for that, and ends it if it doesn't. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isAlive()) {
      const exit = once(this.#process, 'exit')
      const tooLate = setTimeout(() => this.kill(), PATIENCE)
      await this.#send('control', childOf(undefined, 'shutdown_request', { restart: false }))
      await exit
      clearTimeout(tooLate)
    }
    for (const socket of Object.values(this.#sockets)) socket.close()
    await this.#file[Symbol.asyncDispose]()
  }

  #isAlive(): boolean {
    const { pid, exitCode, signalCode } = this.#process
    return pid !== undefined && exitCode === null && signalCode === null
  }

  async #request(channel: 'shell' | 'control', type: string, content: Content, receive: Request['receive'] = () => undefined): Promise<Content> {
    const message = childOf(undefined, type, content)
    const request: Request = { receive, reply: Promise.withResolvers(), idle: Promise.withResolvers() }
    this.#requests.set(message.header.msg_id, request)
    await this.#send(channel, message)
    const [reply] = await Promise.race([Promise.all([request.reply.promise, request.idle.promise]), this.#end.promise])
    return reply
  }

  async #send(channel: 'shell' | 'control', message: Message): Promise<void> {
    await this.#sockets[channel].send([...this.#codec.encode(message)])
  }

  async #read(socket: Dealer | Subscriber): Promise<void> {
    for await (const frames of socket) this.#take(this.#codec.decode(frames))
  }

  #take(message: Message): void {
    const { header, parentHeader, content } = message
    if (header.msg_type === 'iopub_welcome') this.#welcome.resolve()
    const request = this.#requests.get(parentHeader.msg_id ?? '')
    if (!request) return
    if (header.msg_type.endsWith('_reply')) request.reply.resolve(content)
    else if (header.msg_type === 'status' && content['execution_state'] === 'idle') request.idle.resolve()
    else request.receive(message)
  }
}

// No high water mark: zeromq would drop what exceeds it.
function subscriber(): Subscriber {
  return new Subscriber({ linger: 0, receiveHighWaterMark: 0 })
}
