import { createHmac, randomUUID } from 'node:crypto'
import { Dealer, Request, type Socket, Subscriber } from 'zeromq'
import type { ConnectionFile } from './connection.ts'
import { assertValid, type ChannelName, type Fields, type WireMessage } from './message-spec.ts'

export type RequestChannel = Exclude<ChannelName, 'iopub'>

export interface ClientOptions {
  /** Check each message against the protocol; default `true`. Benches may not want to pay for that. */
  readonly validate?: boolean
  /** Messages that zeromq buffers on iopub at this side; default: as many as come. Small for a slow reader. */
  readonly iopubHighWaterMark?: number
}

export interface ExecuteOptions {
  readonly silent?: boolean
  readonly store_history?: boolean
  readonly user_expressions?: Readonly<Record<string, string>>
  readonly allow_stdin?: boolean
  readonly stop_on_error?: boolean
  /** Fields of the header, such as `subshell_id`. */
  readonly header?: Fields
}

export interface RequestOptions {
  readonly channel?: RequestChannel
  readonly metadata?: Fields
  readonly buffers?: readonly Uint8Array[]
  readonly header?: Fields
}

export interface MessageOptions extends RequestOptions {
  /** Header of the message that this one answers. */
  readonly parent?: Fields
}

/** What a request brought about. */
export interface Exchange {
  readonly id: string
  /** What came on iopub with the request as parent, from busy to idle. */
  readonly messages: readonly WireMessage[]
}

export interface Answered extends Exchange {
  readonly reply: WireMessage
}

export interface Execution extends Answered {
  /** Of `messages`: streams, displays, results, errors and their clearing. */
  readonly outputs: readonly WireMessage[]
  readonly stdout: string
  readonly stderr: string
}

type Answer = (prompt: string, password: boolean) => string | undefined | Promise<string | undefined>

const OUTPUTS = new Set(['stream', 'display_data', 'update_display_data', 'execute_result', 'error', 'clear_output'])
const EXECUTE_DEFAULTS =
  { silent: false, store_history: true, user_expressions: {}, allow_stdin: true, stop_on_error: true } as const
const DELIMITER = Buffer.from('<IDS|MSG>')

interface Waiting {
  readonly messages: WireMessage[]
  readonly reply: PromiseWithResolvers<WireMessage>
  readonly idle: PromiseWithResolvers<void>
}

/** A request under way. */
export interface Asked extends Exchange {
  readonly reply: Promise<WireMessage>
  readonly idle: Promise<void>
}

/**
 * A Jupyter front end over real sockets, with its own small codec, so that it can't share a mistake with the kernel.
 *
 * @example
 * await using client = await JupyterClient.start(connection)
 * const { reply, stdout } = await client.execute('console.log(1)')
 */
export class JupyterClient implements AsyncDisposable {
  /** Answers input_requests; `undefined` leaves one unanswered. */
  onStdin: Answer = () => undefined
  /** All that came on iopub, in order. */
  readonly iopub: WireMessage[] = []
  readonly session = randomUUID()
  readonly #connection: ConnectionFile
  readonly #validate: boolean
  readonly #sockets: Readonly<Record<RequestChannel, Dealer>>
  readonly #subscriber: Subscriber
  readonly #waiting = new Map<string, Waiting>()
  readonly #sending: Record<RequestChannel, Promise<void>> =
    { shell: Promise.resolve(), control: Promise.resolve(), stdin: Promise.resolve() }
  readonly #failed = Promise.withResolvers<never>()
  readonly #watchers = new Set<(message: WireMessage) => void>()
  #paused: PromiseWithResolvers<void> | undefined

  private constructor(connection: ConnectionFile, options: ClientOptions) {
    this.#connection = connection
    this.#validate = options.validate ?? true
    // One identity for all: a question on stdin is addressed to whoever asked on shell.
    const dealer = () => new Dealer({ routingId: this.session, linger: 0, sendHighWaterMark: 0, receiveHighWaterMark: 0 })
    this.#sockets = { shell: dealer(), control: dealer(), stdin: dealer() }
    this.#subscriber = new Subscriber({ linger: 0, receiveHighWaterMark: options.iopubHighWaterMark ?? 0 })
    this.#failed.promise.catch(() => undefined)
  }

  /** Connects to a kernel, which may still be starting; resolves when its output reaches this client. */
  static async start(connection: ConnectionFile, options: ClientOptions = {}): Promise<JupyterClient> {
    const client = new JupyterClient(connection, options)
    const welcomed = client.waitFor(message => typeOf(message) === 'iopub_welcome')
    client.#open()
    await welcomed
    return client
  }

  /** Runs a cell; resolves when both its reply and its idle arrived. */
  async execute(code: string, { header, ...options }: ExecuteOptions = {}): Promise<Execution> {
    const content = { code, ...EXECUTE_DEFAULTS, ...options }
    const answered = await this.request('execute_request', content, header ? { header } : {})
    const outputs = answered.messages.filter(message => OUTPUTS.has(typeOf(message)))
    return { ...answered, outputs, stdout: streamText(outputs, 'stdout'), stderr: streamText(outputs, 'stderr') }
  }

  /** Sends a request that is answered; resolves when both its reply and its idle arrived. */
  async request(type: string, content: Fields = {}, options: RequestOptions = {}): Promise<Answered> {
    const { id, messages, ...asked } = await this.ask(type, content, options)
    const [reply] = await Promise.all([asked.reply, asked.idle])
    this.#waiting.delete(id)
    return { id, reply, messages }
  }

  /** Sends a message that has no reply, such as a comm's; resolves when the kernel is idle again. */
  async notify(type: string, content: Fields, options: RequestOptions = {}): Promise<Exchange> {
    const { id, messages, idle } = await this.ask(type, content, options)
    await idle
    this.#waiting.delete(id)
    return { id, messages }
  }

  /** Sends a request and resolves at once to what will come of it. */
  async ask(type: string, content: Fields = {}, options: RequestOptions = {}): Promise<Asked> {
    const header = { ...this.header(type), ...options.header }
    const id = String(header['msg_id'])
    const waiting: Waiting = { messages: [], reply: Promise.withResolvers(), idle: Promise.withResolvers() }
    this.#waiting.set(id, waiting)
    await this.sendRaw(options.channel ?? 'shell', this.frames(header, content, options))
    const { messages, reply, idle } = waiting
    return { id, messages, reply: this.#orFailed(reply.promise), idle: this.#orFailed(idle.promise) }
  }

  /** Sends a message and waits for nothing; resolves to its `msg_id`. */
  async send(channel: RequestChannel, type: string, content: Fields, options: MessageOptions = {}): Promise<string> {
    const id = randomUUID()
    const header = { ...this.#header(id, type), ...options.header }
    await this.sendRaw(channel, this.frames(header, content, options))
    return id
  }

  /** The frames of a signed message, for tests that break them. */
  frames(header: Fields, content: Fields, options: MessageOptions = {}): Uint8Array[] {
    const { parent = {}, metadata = {}, buffers = [] } = options
    const parts = [header, parent, metadata, content].map(part => Buffer.from(JSON.stringify(part)))
    return [DELIMITER, Buffer.from(this.sign(parts)), ...parts, ...buffers]
  }

  /** A new valid header. */
  header(type: string): Fields {
    return this.#header(randomUUID(), type)
  }

  sign(parts: readonly Uint8Array[]): string {
    const { key, signature_scheme: scheme } = this.#connection
    if (key === '') return ''
    const hmac = createHmac(scheme.replace('hmac-', ''), key)
    for (const part of parts) hmac.update(part)
    return hmac.digest('hex')
  }

  /** Sends any frames, however malformed. */
  async sendRaw(channel: RequestChannel, frames: readonly Uint8Array[]): Promise<void> {
    const sent = this.#sending[channel].then(() => this.#sockets[channel].send([...frames]))
    this.#sending[channel] = sent.catch(() => undefined)
    return sent
  }

  /** Resolves to the next message on iopub that fits. */
  async waitFor(fits: (message: WireMessage) => boolean): Promise<WireMessage> {
    const { promise, resolve } = Promise.withResolvers<WireMessage>()
    const watcher = (message: WireMessage) => {
      if (!fits(message)) return
      this.#watchers.delete(watcher)
      resolve(message)
    }
    this.#watchers.add(watcher)
    return this.#orFailed(promise)
  }

  /** Stops reading iopub until the returned function is called, as a slow front end does. */
  pauseOutput(): () => void {
    this.#paused = Promise.withResolvers()
    return this.#paused.resolve
  }

  /** Sends a heartbeat; resolves to what came back. */
  async heartbeat(beat: string): Promise<string> {
    const socket = new Request({ linger: 0 })
    try {
      socket.connect(addressOf(this.#connection, 'hb'))
      await socket.send(beat)
      const [echo] = await socket.receive()
      return String(echo)
    } finally {
      socket.close()
    }
  }

  /** Asks the kernel to end and resolves when it said that it does. */
  async shutdown(restart = false): Promise<Answered> {
    return this.request('shutdown_request', { restart }, { channel: 'control' })
  }

  async interrupt(): Promise<Answered> {
    return this.request('interrupt_request', {}, { channel: 'control' })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#paused?.resolve()
    const sockets: Socket[] = [...Object.values(this.#sockets), this.#subscriber]
    for (const socket of sockets) socket.close()
  }

  #open(): void {
    for (const [name, socket] of Object.entries(this.#sockets)) socket.connect(addressOf(this.#connection, name))
    this.#subscriber.connect(addressOf(this.#connection, 'iopub'))
    this.#subscriber.subscribe()
    const loops = [this.#readReplies('shell'), this.#readReplies('control'), this.#readStdin(), this.#readOutput()]
    for (const loop of loops) loop.catch(this.#failed.reject)
  }

  #header(id: string, type: string): Fields {
    const date = new Date().toISOString()
    return { msg_id: id, msg_type: type, session: this.session, username: 'tester', date, version: '5.5' }
  }

  async #orFailed<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#failed.promise])
  }

  async #readReplies(channel: 'shell' | 'control'): Promise<void> {
    for await (const frames of this.#sockets[channel]) {
      const message = this.#decode(channel, frames)
      this.#waiting.get(parentOf(message))?.reply.resolve(message)
    }
  }

  async #readStdin(): Promise<void> {
    for await (const frames of this.#sockets.stdin) {
      const message = this.#decode('stdin', frames)
      const value = await this.onStdin(String(message.content['prompt']), message.content['password'] === true)
      if (value !== undefined) await this.send('stdin', 'input_reply', { value }, { parent: message.header })
    }
  }

  async #readOutput(): Promise<void> {
    for await (const frames of this.#subscriber) {
      await this.#paused?.promise
      const message = this.#decode('iopub', frames)
      this.iopub.push(message)
      const waiting = this.#waiting.get(parentOf(message))
      waiting?.messages.push(message)
      if (typeOf(message) === 'status' && message.content['execution_state'] === 'idle') waiting?.idle.resolve()
      for (const watcher of this.#watchers) watcher(message)
    }
  }

  #decode(channel: ChannelName, frames: readonly Buffer[]): WireMessage {
    const start = frames.findIndex(frame => frame.equals(DELIMITER)) + 1
    const [signature, ...rest] = frames.slice(start)
    const parts = rest.slice(0, 4)
    if (String(signature) !== this.sign(parts)) throw new Error(`A message on ${channel} has a wrong signature`)
    const [header, parent_header, metadata, content] = parts.map(part => JSON.parse(part.toString()) as Fields)
    if (!header || !parent_header || !metadata || !content) throw new Error(`A message on ${channel} is too short`)
    const message = { header, parent_header, metadata, content, buffers: rest.slice(4) }
    if (this.#validate) assertValid(channel, message)
    return message
  }
}

/** The type of a message. */
export function typeOf(message: WireMessage): string {
  return String(message.header['msg_type'])
}

/** `msg_id` of the request that a message belongs to; `''` if it belongs to none. */
export function parentOf(message: WireMessage): string {
  return String(message.parent_header['msg_id'] ?? '')
}

/** What was printed to one of the streams. */
export function streamText(messages: readonly WireMessage[], name: 'stdout' | 'stderr'): string {
  const pieces = messages.filter(message => typeOf(message) === 'stream' && message.content['name'] === name)
  return pieces.map(message => message.content['text']).join('')
}

function addressOf(connection: ConnectionFile, name: string): string {
  const { transport, ip } = connection
  const port = connection[`${name}_port` as keyof ConnectionFile]
  return transport === 'tcp' ? `tcp://${ip}:${port}` : `ipc://${ip}-${port}`
}
