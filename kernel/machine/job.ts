import type { Socket } from 'node:net'
import { Channel } from '../cluster/channel.ts'
import type { Endpoint } from '../cluster/endpoint.ts'
import { Kind } from '../cluster/frame.ts'
import { keysOf, newHello, newRefusal } from '../cluster/hello.ts'
import { type Package, Refused, type Ticket } from '../cluster/ticket.ts'
import { emitArrived } from '../parallel/start/drain.ts'
import type { Exit, StartedProcess, Starter } from '../parallel/start/starter.ts'
import { spentBy } from '../parallel/start/spent.ts'
import { environmentFor } from '../parallel/worker/packages-folder.ts'

export interface JobPlace {
  /** What the machine is called. */
  readonly name: string
  readonly endpoint: Endpoint
  readonly starter: Starter
  /** Aborted when the machine ends at once. */
  readonly stop: AbortSignal
  /** The folder where these packages are. */
  provide(packages: readonly Package[]): Promise<string>
}

/** What the machine's processes must not know. */
const SECRETS = ['PARACELL_KEY_FILE', 'PARACELL_REDIS']

/** Runs a job in a process of its own, from its start to its end. Rejects when it is to be tried again. */
export async function runJob(ticket: Ticket, place: JobPlace): Promise<void> {
  const { endpoint, starter } = place
  const [isWanted, folder] = await Promise.all([endpoint.redis.exists(endpoint.names.pulse(ticket.session)), provide(ticket, place)])
  if (!isWanted) throw new Refused('its session is gone')
  const process = await starter.start({ env: environment(folder) })
  const died = await new JobRun(ticket, place, process).ended()
  if (died !== undefined) throw new Error(died)
}

/** Whoever waits for a job hears why it can't run here. */
async function provide(ticket: Ticket, { endpoint, name, provide }: JobPlace): Promise<string> {
  try {
    return await provide(ticket.packages)
  } catch (error) {
    const { message } = error as Error
    endpoint.post(ticket.session, newRefusal(endpoint.key.secret, ticket, { id: endpoint.id, name }, message))
    throw new Refused(message, { cause: error })
  }
}

function environment(folder: string): Record<string, string> {
  const env = environmentFor(folder, process.cwd())
  for (const name of SECRETS) delete env[name]
  return env
}

/** One run of a job: the process on this side of the channel. */
class JobRun {
  readonly #place: JobPlace
  readonly #process: StartedProcess
  readonly #channel: Channel
  readonly #leaving = new DisposableStack()
  readonly #onStop = () => this.#process.kill('SIGKILL')
  /** Somebody has asked for its end. */
  #isAsked = false

  constructor(ticket: Ticket, place: JobPlace, process: StartedProcess) {
    const { endpoint, name, stop } = place
    const { secret } = endpoint.key
    const { hello, channel, frame } = newHello(secret, ticket, process.pid, { id: endpoint.id, name })
    const { toMachine, toSession } = keysOf(secret, hello)
    this.#place = place
    this.#process = process
    this.#channel = new Channel({
      id: channel,
      keys: { out: toSession, in: toMachine },
      hello: frame,
      send: each => endpoint.post(ticket.session, each),
      receive: (kind, payload) => this.#takers[kind]?.(payload)
    })
    endpoint.add(this.#channel)
    this.#leaving.defer(() => endpoint.remove(this.#channel))
    this.#leaving.use(endpoint.pulse.watch(ticket.session, () => this.#abandon()))
    stop.addEventListener('abort', this.#onStop)
    this.#leaving.defer(() => stop.removeEventListener('abort', this.#onStop))
    this.#channel.resend()
    // What was printed before something was said goes before it.
    process.link.on('data', () => emitArrived([process.stdout, process.stderr]))
    for (const [kind, socket] of [[Kind.link, process.link], [Kind.stdout, process.stdout], [Kind.stderr, process.stderr]] as const) this.#pump(kind, socket)
  }

  /** Resolves when the session knows how it ended; to the reason, if it is to be tried again. */
  async ended(): Promise<string | undefined> {
    using _leaving = this.#leaving
    const exit = await this.#process.exited
    const died = this.#isAsked ? undefined : this.#causeOf(exit)
    this.#channel.send(Kind.exit, Buffer.from(JSON.stringify({ ...exit, ...(died === undefined ? {} : { died }) })))
    await this.#channel.settled()
    return died
  }

  #causeOf({ signal }: Exit): string | undefined {
    const { name, stop } = this.#place
    if (stop.aborted) return `its machine ${name} was stopped`
    return signal && `its process was ended by ${signal} on ${name}`
  }

  /** Passes bytes on as fast as the session takes them. */
  #pump(kind: Kind, socket: Socket): void {
    socket.on('data', (bytes: Buffer) => {
      this.#channel.send(kind, bytes)
      const room = this.#channel.room()
      if (!room) return
      socket.pause()
      void room.then(() => socket.resume())
    })
  }

  readonly #takers: Readonly<Partial<Record<Kind, (payload: Uint8Array) => Promise<void> | undefined>>> = {
    [Kind.link]: payload => {
      const { promise, resolve } = Promise.withResolvers<void>()
      return this.#process.link.write(payload, () => resolve()) ? undefined : promise
    },
    [Kind.signal]: payload => {
      this.#isAsked = true
      this.#process.kill(Buffer.from(payload).toString() as NodeJS.Signals)
      return undefined
    },
    [Kind.usage]: () => {
      void this.#tellUsage()
      return undefined
    },
    [Kind.bye]: () => {
      this.#abandon()
      return undefined
    }
  }

  async #tellUsage(): Promise<void> {
    const spent = await spentBy(this.#process.pid).catch(() => undefined)
    if (spent) this.#channel.send(Kind.usage, Buffer.from(JSON.stringify(spent)))
  }

  /** Nobody hears it any more. */
  #abandon(): void {
    this.#isAsked = true
    this.#process.kill('SIGKILL')
    this.#channel.close()
  }
}
