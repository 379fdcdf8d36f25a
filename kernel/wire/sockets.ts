import { Router, type Socket, XPublisher } from 'zeromq'
import { UsageError } from '../errors.ts'
import { Audience } from './audience.ts'
import { Burst } from './burst.ts'
import { Codec, MalformedMessage } from './codec.ts'
import { addressOf, type Connection, type SocketName } from './connection.ts'
import { broadcastOf, type Message } from './messages.ts'
import { patient } from './patient.ts'

/** How long a closed socket goes on handing its last messages to slow readers, in milliseconds. */
const LINGER = 2_000
const SUBSCRIBE = 1

/** A socket that requests come in by and replies go out by. */
export interface Channel {
  readonly name: ChannelName
  /** What arrived and was signed well; ends when the sockets are closed. One reader. */
  readonly messages: AsyncIterable<Message>
  /** Resolves when zeromq took the message. Messages leave in the order of the calls. */
  send(message: Message): Promise<void>
}

export type ChannelName = 'shell' | 'control' | 'stdin'

/** The five sockets of a kernel, bound. Disposing of them lets the last messages go out. */
export interface Sockets extends AsyncDisposable {
  readonly shell: Channel
  readonly control: Channel
  readonly stdin: Channel
  /** Sends to all who subscribed to iopub, in the order of the calls. */
  publish(message: Message): Promise<void>
  /** One of many messages has come: the newest shall not wait for news of all others, so that what is published waits. */
  holdBack(): void
}

/**
 * Binds the sockets of a connection; from then on they answer heartbeats and welcome subscribers by themselves.
 *
 * @param log gets one line for each message that was dropped, saying why
 * @throws UsageError when an address is taken or isn't one of this machine
 * @example await using sockets = await openSockets(await readConnection(file), line => console.error(line))
 */
export async function openSockets(connection: Connection, log: (line: string) => void): Promise<Sockets> {
  const codec = new Codec(connection)
  const burst = new Burst()
  const sockets = createSockets()
  await bindAll(sockets, connection)
  const { iopub, hb } = sockets
  const audience = new Audience()
  const publisher = new Outlet(iopub, codec, { burst, audience })
  const outlets = [publisher]
  const closing = new AbortController()
  const channel = (name: ChannelName): Channel => {
    const outlet = new Outlet(name === 'stdin' ? patient(sockets.stdin, closing.signal) : sockets[name], codec)
    outlets.push(outlet)
    return { name, messages: receive(name, sockets[name], codec, log), send: async message => outlet.send(message) }
  }
  void untilClosed(hb, echo(hb))
  void untilClosed(iopub, welcome(iopub, publisher, audience))
  return {
    shell: channel('shell'),
    control: channel('control'),
    stdin: channel('stdin'),
    publish: async message => publisher.send(message),
    holdBack: () => burst.note(),
    [Symbol.asyncDispose]: async () => {
      audience.arrive()
      closing.abort()
      await Promise.all(outlets.map(outlet => outlet.drained()))
      closeAll(sockets)
    }
  }
}

type KernelSockets = Readonly<Record<ChannelName | 'hb', Router> & { iopub: XPublisher }>

function createSockets(): KernelSockets {
  // No high water mark: zeromq would drop what exceeds it.
  const options = { linger: LINGER, sendHighWaterMark: 0 }
  const router = () => new Router(options)
  const iopub = new XPublisher(options)
  // Tells about every subscription, not only about the first to a topic.
  iopub.verbosity = 'allSubs'
  return { shell: router(), control: router(), stdin: new Router({ ...options, mandatory: true }), hb: router(), iopub }
}

async function bindAll(sockets: KernelSockets, connection: Connection): Promise<void> {
  const binding = (Object.keys(sockets) as SocketName[]).map(async name => bind(sockets[name], connection, name))
  try {
    await Promise.all(binding)
  } catch (error) {
    // A socket can't be closed while it still binds.
    await Promise.allSettled(binding)
    closeAll(sockets)
    throw error
  }
}

async function bind(socket: Socket, connection: Connection, name: SocketName): Promise<void> {
  const address = addressOf(connection, name)
  try {
    await socket.bind(address)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    const problem = `The ${name} socket can't listen at ${address} (${why}).`
    throw new UsageError(`${problem} Let Jupyter choose another address.`, { cause })
  }
}

function closeAll(sockets: KernelSockets): void {
  for (const socket of Object.values(sockets)) socket.close()
}

async function* receive(name: ChannelName, socket: Router, codec: Codec, log: (line: string) => void) {
  for await (const frames of socket) {
    const message = decode(codec, frames, reason => log(`A message on ${name} was dropped: ${reason}.`))
    if (message) yield message
  }
}

function decode(codec: Codec, frames: readonly Buffer[], drop: (reason: string) => void): Message | undefined {
  try {
    return codec.decode(frames)
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error
    drop(error.message)
    return undefined
  }
}

/**
 * Sends one message after the other: zeromq refuses a second one while the first still waits. Messages are made into
 * frames once what asked for them has run on, so that a cell is on its way before anybody is told that it is.
 */
class Outlet {
  readonly #socket: { send(frames: (Uint8Array | string)[]): Promise<void> }
  readonly #codec: Codec
  readonly #burst: Burst | undefined
  readonly #audience: Audience | undefined
  #waiting: { readonly message: Message; readonly sent: PromiseWithResolvers<void> }[] = []
  #sending: Promise<void> | undefined

  constructor(socket: Pick<Router | XPublisher, 'send'>, codec: Codec, { burst, audience }: { readonly burst?: Burst; readonly audience?: Audience } = {}) {
    this.#socket = socket
    this.#codec = codec
    this.#burst = burst
    this.#audience = audience
  }

  /** `first`: before whatever else still waits. */
  send(message: Message, first = false): Promise<void> {
    const sent = Promise.withResolvers<void>()
    if (first) this.#waiting.unshift({ message, sent })
    else this.#waiting.push({ message, sent })
    if (message.parentHeader.msg_id !== undefined) this.#audience?.expect()
    this.#sending ??= new Promise(resolve => process.nextTick(() => resolve(this.#sendAll())))
    return sent.promise
  }

  /** Resolves when zeromq took all that was to be sent. */
  async drained(): Promise<void> {
    await this.#sending
  }

  async #sendAll(): Promise<void> {
    if (this.#audience?.isThere === false) await this.#audience.arrival
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      if (this.#burst?.isOn) await this.#burst.over()
      try {
        await this.#socket.send([...this.#codec.encode(next.message)])
        next.sent.resolve()
      } catch (error) {
        next.sent.reject(error)
      }
    }
    this.#sending = undefined
  }
}

// Whatever was being sent when the socket was closed has nobody to go to.
async function untilClosed(socket: Socket, loop: Promise<void>): Promise<void> {
  try {
    await loop
  } catch (error) {
    if (!socket.closed) throw error
  }
}

async function echo(heartbeat: Router): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames)
}

async function welcome(iopub: XPublisher, publisher: Outlet, audience: Audience): Promise<void> {
  for await (const [frame] of iopub) {
    if (frame?.[0] !== SUBSCRIBE) continue
    const topic = frame.subarray(1)
    const message = broadcastOf(undefined, 'iopub_welcome', { subscription: topic.toString() })
    const sent = publisher.send({ ...message, identities: [topic] }, true)
    audience.arrive()
    await sent
  }
}
