import type { Session } from '../session/session.ts'
import { Types } from '../types/types.ts'
import { broadcastOf, childOf, type Content, type Message } from '../wire/messages.ts'
import { type ClientRequest, type InvalidRequest, readRequest, type RequestOf, type UnknownMessage } from '../wire/requests.ts'
import type { Channel, Sockets } from '../wire/sockets.ts'
import { Comms } from './comms/comms.ts'
import { answer, type CommType, deliver, isComm, type Kernel } from './handlers.ts'
import type { HistoryStore } from './history/store.ts'
import { Inputs } from './inputs.ts'
import { type Parent, Parents } from './parents.ts'
import { publishEvents } from './publisher.ts'
import type { Shell } from './shell.ts'
import { Subshells } from './subshells.ts'

/** So many messages of comms that nobody has heard of yet are a burst. */
const BURST = 8

type Incoming = ClientRequest | InvalidRequest
type Act = () => Promise<Content | undefined>

/** Answers the requests that come in by the sockets with what the session does. */
export class Server {
  readonly #sockets: Sockets
  readonly #kernel: Kernel
  readonly #subshells: Subshells
  readonly #ended = Promise.withResolvers<void>()
  #published: Promise<void> = Promise.resolve()
  #delivering = 0

  /** @param log gets one line for whatever had to be dropped, saying what and why */
  constructor(sockets: Sockets, session: Session, store: HistoryStore, log: (line: string) => void) {
    this.#sockets = sockets
    this.#subshells = new Subshells(store, shell => void this.#runShell(shell).catch(this.#ended.reject))
    const parents = new Parents()
    const publish = async (message: Message) => this.#sent(sockets.publish(message))
    const inputs = new Inputs(session, parents, async message => this.#sent(sockets.stdin.send(message)))
    const warn = (cell: string, text: string) => void publish(broadcastOf(parents.find(cell)?.message, 'stream', { name: 'stderr', text }))
    const types = new Types({ folder: process.cwd(), log, warn, known: names => session.ask({ type: 'known', names }) })
    const comms = new Comms({ parents, publish })
    this.#kernel = { session, parents, inputs, subshells: this.#subshells, types, comms, publish, log }
  }

  /** Serves until a shutdown_request was answered or `signal` aborts; the session has ended by then. */
  async run(signal: AbortSignal): Promise<void> {
    signal.addEventListener('abort', () => this.#ended.resolve(), { once: true })
    if (signal.aborted) return this.#endSession()
    await this.#kernel.publish(broadcastOf(undefined, 'status', { execution_state: 'starting' }))
    this.#published = this.#publishEvents()
    const loops = [this.#readShell(), this.#runShell(this.#subshells.main), this.#readControl(), this.#readStdin(), this.#published]
    await Promise.race([this.#ended.promise, Promise.all(loops)])
    await this.#endSession()
  }

  #publishEvents(): Promise<void> {
    const { session, ...kernel } = this.#kernel
    const onResult = ({ history, count }: Parent, text: string) => history?.addOutput(count, text)
    return publishEvents(session.events, { ...kernel, onResult, onLoss: () => kernel.types.forget() })
  }

  async #readShell(): Promise<void> {
    const { shell } = this.#sockets
    for await (const message of shell.messages) {
      try {
        this.#take(message, this.#subshells.of(message))
      } catch (error) {
        this.#respond(message, shell, async () => this.#failure(message, error, this.#subshells.main)).catch(this.#ended.reject)
      }
    }
  }

  /** Who writes wants help while a cell runs, too, who moves a control wants it moved; and VS Code sends its interrupts on shell. */
  #take(message: Message, shell: Shell): void {
    const { current } = shell.queue
    if (isCell(current) && (overtakes(message) || this.#isOfWidget(message))) this.#overtake(message, current, shell).catch(this.#ended.reject)
    else shell.queue.push(message)
  }

  async #overtake(message: Message, running: Message, shell: Shell): Promise<void> {
    await this.#handle(message, this.#sockets.shell, shell)
    // Front ends take the last status for the kernel's, and the cell still runs.
    if (shell.queue.current === running) await this.#kernel.publish(broadcastOf(running, 'status', { execution_state: 'busy' }))
  }

  async #runShell(shell: Shell): Promise<void> {
    const channel = this.#sockets.shell
    await shell.queue.run({
      handle: message => this.#handle(message, channel, shell),
      abort: message => this.#respond(message, channel, async () => ({ status: 'aborted', execution_count: shell.count }))
    })
  }

  // Each by itself: an interrupt must not wait for anything.
  async #readControl(): Promise<void> {
    const { control } = this.#sockets
    for await (const message of control.messages) this.#handle(message, control, this.#subshells.main).catch(this.#ended.reject)
  }

  async #readStdin(): Promise<void> {
    for await (const message of this.#sockets.stdin.messages) {
      const request = readRequest(message)
      const taken = request.type === 'input_reply' && this.#kernel.inputs.answer(request)
      if (!taken) this.#drop(request, 'stdin')
    }
  }

  async #handle(message: Message, channel: Channel, shell: Shell): Promise<void> {
    const request = readRequest(message)
    if (request.type === 'unknown' || request.type === 'input_reply') return this.#drop(request, channel.name)
    if (isComm(request)) return this.#deliver(request, shell)
    await this.#respond(message, channel, () => this.#act(request, shell))
    if (request.type === 'shutdown_request') this.#ended.resolve()
  }

  async #act(request: Exclude<Incoming, { type: 'input_reply' | CommType }>, shell: Shell): Promise<Content | undefined> {
    try {
      if (request.type === 'invalid') throw request.error
      return await answer(request, this.#kernel, shell)
    } catch (error) {
      return this.#failure(request.message, error, shell)
    }
  }

  /** Resolves when the next message may follow; the kernel is busy with this one until it was handled. */
  async #deliver(request: RequestOf<CommType>, shell: Shell): Promise<void> {
    const { message } = request
    if (++this.#delivering >= BURST) this.#sockets.holdBack()
    void this.#status(message, 'busy')
    const delivered = deliver(request, this.#kernel)
    const finished = delivered.then(({ handled }) => handled).catch(error => void this.#failure(message, error, shell))
    void finished.then(() => {
      this.#delivering--
      return this.#idle(message, shell)
    })
    await delivered.catch(() => undefined)
  }

  /** One that the session has opened: what comes on it needs no cell that still waits. */
  #isOfWidget({ header: { msg_type: type }, content: { comm_id: id } }: Message): boolean {
    return type === 'comm_msg' && this.#kernel.comms.knows(String(id))
  }

  /** Front ends take the last status for the kernel's, and a cell may still run. */
  async #idle(message: Message, shell: Shell): Promise<void> {
    await this.#status(message, 'idle')
    const running = [shell, this.#subshells.main].map(({ queue }) => queue.current).find(isCell)
    if (running) await this.#status(running, 'busy')
  }

  async #status(message: Message, execution_state: 'busy' | 'idle'): Promise<void> {
    await this.#kernel.publish(broadcastOf(message, 'status', { execution_state }))
  }

  async #respond(message: Message, channel: Channel, act: Act): Promise<void> {
    // Nobody waits for it to be sent: messages leave in their order, and the work is under way sooner.
    void this.#status(message, 'busy')
    try {
      const content = await act()
      const type = replyType(message)
      if (!content || !type) return
      const reply = childOf(message, type, content)
      // The end of the request is told by another socket, and need not wait for this one.
      const sent = this.#sent(channel.send(reply))
      if (type === 'shutdown_reply') await sent.then(() => this.#shutDown(message, content))
    } finally {
      await this.#status(message, 'idle')
    }
  }

  async #shutDown(request: Message, content: Content): Promise<void> {
    await this.#endSession()
    await this.#kernel.publish(broadcastOf(request, 'shutdown_reply', content))
  }

  // Disposing of the session ends its events, and with them their publication.
  async #endSession(): Promise<void> {
    this.#subshells.close()
    const { session, types } = this.#kernel
    await Promise.all([session[Symbol.asyncDispose](), types[Symbol.asyncDispose]()])
    await this.#published
  }

  #failure(message: Message, error: unknown, shell: Shell): Content | undefined {
    const { name, message: explanation } = error instanceof Error ? error : new Error(String(error))
    const type = message.header.msg_type
    if (!replyType(message)) this.#kernel.log(`A ${type} could not be handled: ${explanation}`)
    const count = type === 'execute_request' ? { execution_count: shell.count } : {}
    return { status: 'error', ename: name, evalue: explanation, traceback: [], ...count }
  }

  #drop(request: ClientRequest | UnknownMessage | InvalidRequest, channel: string): void {
    const type = JSON.stringify(request.message.header.msg_type)
    this.#kernel.log(`A message of type ${type} on ${channel} was dropped: ${whyDropped(request)}.`)
  }

  // A message that can't be sent must not end the kernel.
  async #sent(sending: Promise<void>): Promise<void> {
    await sending.catch(error => this.#kernel.log(`A message could not be sent: ${String(error)}`))
  }
}

const OVERTAKING = new Set(['complete_request', 'inspect_request', 'interrupt_request'])

function isCell(message: Message | undefined): message is Message {
  return message?.header.msg_type === 'execute_request'
}

function overtakes({ header: { msg_type: type } }: Message): boolean {
  return OVERTAKING.has(type)
}

function replyType({ header: { msg_type: type } }: Message): string | undefined {
  return type.endsWith('_request') ? type.replace(/_request$/, '_reply') : undefined
}

function whyDropped(request: ClientRequest | UnknownMessage | InvalidRequest): string {
  if (request.type === 'unknown') return 'this kernel does not know it'
  if (request.type === 'invalid') return request.error.message
  return request.type === 'input_reply' ? 'no cell waits for it' : 'it has no place there'
}
