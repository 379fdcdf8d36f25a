import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { Dealer, Subscriber } from 'zeromq'
import type { ConnectionFile } from '../test/support/connection.ts'

/** What came in, and when (milliseconds of `performance.now()`). */
export interface Received {
  readonly at: number
  readonly type: string
  readonly parent: string
  readonly content: Readonly<Record<string, unknown>>
}

/** How a request went; times are milliseconds after it was sent. */
export interface Timing {
  readonly reply: number
  readonly idle: number
  readonly messages: readonly Received[]
  readonly sentAt: number
}

interface Waiting {
  readonly messages: Received[]
  readonly reply: PromiseWithResolvers<Received>
  readonly idle: PromiseWithResolvers<number>
}

const DELIMITER = Buffer.from('<IDS|MSG>')
/** Milliseconds between tries to connect: zeromq's own 100 would hide the differences between kernels. */
const RECONNECT = 2

/** A front end that does as little as possible, the same for all kernels: it neither validates nor checks signatures. */
export class BenchClient implements Disposable {
  onOutput: (message: Received) => void = () => undefined
  readonly #key: string
  readonly #session = randomUUID()
  readonly #shell: Dealer
  readonly #control: Dealer
  readonly #iopub: Subscriber
  readonly #waiting = new Map<string, Waiting>()
  #resume: Promise<void> | undefined

  constructor({ ip, key, shell_port, control_port, iopub_port }: ConnectionFile, highWaterMark = 0) {
    this.#key = key
    const options = { linger: 0, reconnectInterval: RECONNECT, receiveHighWaterMark: highWaterMark }
    this.#shell = new Dealer({ ...options, routingId: this.#session })
    this.#control = new Dealer({ ...options, routingId: this.#session })
    this.#iopub = new Subscriber(options)
    this.#shell.connect(`tcp://${ip}:${shell_port}`)
    this.#control.connect(`tcp://${ip}:${control_port}`)
    this.#iopub.connect(`tcp://${ip}:${iopub_port}`)
    this.#iopub.subscribe()
    for (const socket of [this.#shell, this.#control]) void this.#readReplies(socket)
    void this.#readOutput()
  }

  /** Resolves when this client gets what the kernel publishes. */
  async subscribed(): Promise<void> {
    for (let idle = false; !idle; ) {
      const { waiting } = await this.#send('kernel_info_request', {})
      await waiting.reply.promise
      idle = await Promise.race([waiting.idle.promise.then(() => true), pause(50, false)])
    }
  }

  /** Resolves to the time at which the reply came. */
  async replyTime(type: string, content: object): Promise<number> {
    return (await this.reply(type, content)).at
  }

  async reply(type: string, content: object): Promise<Received> {
    const { waiting } = await this.#send(type, content)
    return waiting.reply.promise
  }

  /** Runs a cell; resolves when its reply and its idle came. */
  async execute(code: string): Promise<Timing> {
    const { waiting, sentAt } = await this.#send('execute_request', executeContent(code))
    const [reply, idle] = await Promise.all([waiting.reply.promise, waiting.idle.promise])
    return { reply: reply.at - sentAt, idle: idle - sentAt, messages: waiting.messages, sentAt }
  }

  /** Sends a message that has no reply, such as a comm's; resolves to the time at which it was sent. */
  async tell(type: string, content: object): Promise<number> {
    return (await this.#send(type, content)).sentAt
  }

  /** Stops reading the output for so many milliseconds. */
  pauseOutput(milliseconds: number): void {
    this.#resume = pause(milliseconds)
  }

  /** Resolves to the time at which it was sent. */
  async interrupt(): Promise<number> {
    return (await this.#send('interrupt_request', {}, this.#control)).sentAt
  }

  shutdown(): void {
    void this.#send('shutdown_request', { restart: false }, this.#control)
  }

  [Symbol.dispose](): void {
    for (const socket of [this.#shell, this.#control, this.#iopub]) socket.close()
  }

  async #send(type: string, content: object, socket = this.#shell): Promise<{ waiting: Waiting; sentAt: number }> {
    const id = randomUUID()
    const waiting: Waiting = { messages: [], reply: Promise.withResolvers(), idle: Promise.withResolvers() }
    this.#waiting.set(id, waiting)
    const header = { msg_id: id, msg_type: type, session: this.#session, username: 'bench', date: new Date().toISOString(), version: '5.3' }
    const parts = [header, {}, {}, content].map(part => Buffer.from(JSON.stringify(part)))
    const hmac = createHmac('sha256', this.#key)
    for (const part of parts) hmac.update(part)
    const sentAt = performance.now()
    await socket.send([DELIMITER, hmac.digest('hex'), ...parts])
    return { waiting, sentAt }
  }

  async #readReplies(socket: Dealer): Promise<void> {
    for await (const frames of socket) {
      const reply = received(frames)
      this.#waiting.get(reply.parent)?.reply.resolve(reply)
    }
  }

  async #readOutput(): Promise<void> {
    for await (const frames of this.#iopub) {
      await this.#resume
      const message = received(frames)
      const waiting = this.#waiting.get(message.parent)
      waiting?.messages.push(message)
      this.onOutput(message)
      if (message.type === 'status' && message.content['execution_state'] === 'idle') waiting?.idle.resolve(message.at)
    }
  }
}

/** The content of a request to run a cell. */
export function executeContent(code: string): object {
  return { code, silent: false, store_history: false, user_expressions: {}, allow_stdin: false, stop_on_error: false }
}

function received(frames: readonly Buffer[]): Received {
  const at = performance.now()
  const start = frames.findIndex(frame => frame.equals(DELIMITER)) + 2
  const [header, parent, , content] = frames.slice(start, start + 4).map(part => JSON.parse(part.toString()) as Record<string, unknown>)
  return { at, type: String(header?.['msg_type']), parent: String(parent?.['msg_id'] ?? ''), content: content ?? {} }
}
