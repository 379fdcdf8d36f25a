import { Router, type Socket, XPublisher } from 'zeromq'
import { UsageError } from '../errors.ts'
import { Codec, type Frames, MalformedMessage } from './codec.ts'
import { addressOf, type Connection, type SocketName } from './connection.ts'
import { broadcastOf, type Message } from './messages.ts'

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
  // No high water mark: zeromq would drop what exceeds it.
  const options = { linger: LINGER, sendHighWaterMark: 0 }
  const [shell, control, stdin, heartbeat] = Array.from({ length: 4 }, () => new Router(options)) as Four<Router>
  const iopub = new XPublisher(options)
  // Tells about every subscription, not only about the first of a topic.
  iopub.verbosity = 'allSubs'
  const named: Readonly<Record<SocketName, Socket>> = { shell, control, stdin, hb: heartbeat, iopub }
  await bindAll(named, connection)
  const publish = outlet(iopub, codec)
  void echo(heartbeat)
  void welcome(iopub, publish)
  return {
    shell: channel('shell', shell, codec, log),
    control: channel('control', control, codec, log),
    stdin: channel('stdin', stdin, codec, log),
    publish,
    [Symbol.asyncDispose]: async () => closeAll(named)
  }
}

type Four<T> = [T, T, T, T]

async function bindAll(sockets: Readonly<Record<SocketName, Socket>>, connection: Connection): Promise<void> {
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
    throw new UsageError(`The ${name} socket can't listen at ${address} (${why}). Is another kernel using it?`, { cause })
  }
}

function closeAll(sockets: Readonly<Record<SocketName, Socket>>): void {
  for (const socket of Object.values(sockets)) socket.close()
}

function channel(name: ChannelName, socket: Router, codec: Codec, log: (line: string) => void): Channel {
  return { name, messages: receive(name, socket, codec, log), send: outlet(socket, codec) }
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

// zeromq refuses a second send while one waits, so each waits for the one before.
function outlet(socket: { send(frames: (Uint8Array | string)[]): Promise<void> }, codec: Codec) {
  let last: Promise<void> = Promise.resolve()
  return async (message: Message): Promise<void> => {
    const frames: Frames = codec.encode(message)
    const sent = last.then(async () => socket.send([...frames]))
    last = sent.catch(() => undefined)
    return sent
  }
}

async function echo(heartbeat: Router): Promise<void> {
  for await (const frames of heartbeat) await heartbeat.send(frames)
}

async function welcome(iopub: XPublisher, publish: (message: Message) => Promise<void>): Promise<void> {
  for await (const [frame] of iopub) {
    if (frame?.[0] !== SUBSCRIBE) continue
    const topic = frame.subarray(1)
    const message = broadcastOf(undefined, 'iopub_welcome', { subscription: topic.toString() })
    await publish({ ...message, identities: [topic] })
  }
}
