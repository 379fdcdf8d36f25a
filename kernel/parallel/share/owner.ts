import { types } from 'node:util'
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { Reader, Writer } from './bytes.ts'
import { BY_PORT, type OwnerMessage, type Packet, RING, type ThreadMessage, State, views, Word } from './channel.ts'
import { Decoder } from './decode.ts'
import { Encoder } from './encode.ts'
import { copying, Handles } from './handles.ts'
import { operations, type Result, type Scope } from './operations.ts'
import { Answer } from './tags.ts'
import { watch, type Watched } from './watch.ts'

/**
 * Answers one thread's synchronous accesses to the notebook's variables; called in the thread that owns them.
 *
 * Never blocks and does not keep the event loop alive. While the owner runs a long synchronous cell the thread waits.
 * Disposing (also: the thread's end closes) lets go of everything the thread referred to, and an access that is still
 * pending throws there.
 *
 * @param scope the variables by name; what it throws is thrown in the thread
 * @example
 * const { owner, thread, transferList } = variableChannel()
 * using served = serveVariables(owner.port, { get: (name) => bindings.get(name), … }, owner.memory)
 */
export function serveVariables(port: MessagePort, scope: Scope, memory: SharedArrayBuffer): Disposable {
  return new VariableServer(port, scope, memory)
}

class VariableServer implements Watched, Disposable {
  readonly #port: MessagePort
  readonly #scope: Scope
  readonly #words: Int32Array
  readonly #body: Buffer
  readonly #request: Reader
  readonly #handles = new Handles()
  readonly #out = new Writer()
  readonly #packets: Packet[] = []
  #closed = false
  #answered = 0

  constructor(port: MessagePort, scope: Scope, memory: SharedArrayBuffer) {
    const { words, body } = views(memory)
    this.#port = port
    this.#scope = scope
    this.#words = words
    this.#body = body
    this.#request = new Reader(body)
    port.on('message', (message: ThreadMessage) => this.#receive(message))
    port.once('close', () => this[Symbol.dispose]())
    port.unref()
  }

  get isAsking(): boolean {
    return Atomics.load(this.#words, Word.state) === State.request
  }

  /** Carries out the pending request; the next one rings unless `watching`. */
  answer(watching: boolean): void {
    const result = this.#interruptedBefore() ? { kind: Answer.thrown, value: interrupted() } : this.#carryOut()
    if (!this.#closed) orItsFailure(result, (sent) => this.#write(sent))
    Atomics.compareExchange(this.#words, Word.state, State.request, watching ? State.watching : State.asleep)
    if (Atomics.load(this.#words, Word.sleeping) === 1) Atomics.notify(this.#words, Word.state)
    this.#answered = performance.now()
  }

  /** Ends the watching; false when the thread asked in the meantime. */
  sleep(): boolean {
    return Atomics.compareExchange(this.#words, Word.state, State.watching, State.asleep) !== State.request
  }

  [Symbol.dispose](): void {
    if (this.#closed) return
    this.#closed = true
    Atomics.store(this.#words, Word.state, State.closed)
    Atomics.notify(this.#words, Word.state)
    this.#handles.clear()
    this.#port.close()
  }

  #receive(message: ThreadMessage): void {
    if (message !== RING) this.#accept(message)
    if (this.isAsking) watch(this, this.#words[Word.eager] === 1 && performance.now() - this.#answered < BUSY_MS)
  }

  #accept(message: Exclude<ThreadMessage, typeof RING>): void {
    if (message.type === 'packet') this.#packets.push(message.packet)
    if (message.type === 'await') this.#settle(message.id)
    if (message.type === 'release') for (const [id, count] of message.counts) this.#handles.release(id, count)
  }

  /** An interrupt ends the owner's code for good, past every `finally`: only a second look can tell. */
  #interruptedBefore(): boolean {
    return Atomics.exchange(this.#words, Word.begun, 1) === 1
  }

  #carryOut(): Result {
    try {
      const decoder = this.#decoder()
      const carry = operations[decoder.source.byte()]
      if (carry === undefined) throw new RangeError('Unknown operation')
      return carry({ scope: this.#scope, handles: this.#handles }, ...decoder.list() as never[])
    } catch (error) {
      return { kind: Answer.thrown, value: error }
    }
  }

  #decoder(): Decoder {
    const { bytes, cargo } = Atomics.load(this.#words, Word.length) === BY_PORT ? this.#takePacket() : LOCAL
    const source = bytes === undefined ? this.#request.rewind() : new Reader(bytes, cargo)
    return new Decoder(source, (from) => this.#handles.value(from.word()))
  }

  #takePacket(): Packet {
    for (;;) {
      const packet = this.#packets.shift()
      if (packet !== undefined) return packet
      const received = receiveMessageOnPort(this.#port)
      if (received === undefined) throw new Error('The request of a thread arrived without its values')
      if (received.message !== RING) this.#accept(received.message)
    }
  }

  #write(result: Result): void {
    const out = this.#encode(result)
    const local = out.length <= this.#body.length && out.cargo.length === 0
    if (local) this.#body.set(out.bytes)
    else this.#post({ type: 'packet', packet: packetOf(out) })
    this.#words[Word.length] = local ? out.length : BY_PORT
    Atomics.store(this.#words, Word.answered, 1)
  }

  #encode(result: Result): Writer {
    this.#out.reset()
    encodeResult(result, this.#out, this.#handles)
    return this.#out
  }

  #settle(id: number): void {
    const send = (result: Result): void => this.#post({ type: 'settled', id, packet: packetOf(this.#encode(result)) })
    const post = (result: Result): void => {
      if (!this.#closed) orItsFailure(result, send)
    }
    Promise.resolve(this.#handles.value(id)).then(
      (value) => post({ kind: Answer.value, value }),
      (value: unknown) => post({ kind: Answer.thrown, value }),
    )
  }

  #post(message: OwnerMessage): void {
    this.#port.postMessage(message)
  }
}

/** What can't be sent, a detached buffer for one, is an error for who asked. */
function orItsFailure(result: Result, send: (result: Result) => void): void {
  try {
    send(result)
  } catch (error) {
    send({ kind: Answer.thrown, value: error })
  }
}

/** A thread that asks again this soon is in a loop: worth watching for its next request. */
const BUSY_MS = 0.3

const LOCAL = { bytes: undefined, cargo: [] } as const

function packetOf(out: Writer): Packet {
  return { bytes: Uint8Array.from(out.bytes), cargo: [...out.cargo] }
}

function encodeResult({ kind, value, copy }: Result, out: Writer, handles: Handles): void {
  const encoder = new Encoder(out, copy === true ? copying(handles) : handles)
  const error = (kind === Answer.thrown || kind === Answer.error) && types.isNativeError(value)
  out.byte(error && kind === Answer.thrown ? Answer.failed : kind)
  if (error) {
    out.word(handles.lend(value))
    encoder.error(value)
  } else if (LISTS.has(kind)) encoder.list(value as readonly unknown[])
  else encoder.encode(value)
}

const LISTS: ReadonlySet<number> = new Set([Answer.list, Answer.step, Answer.pair])

function interrupted(): Error {
  return new Error('The notebook was interrupted while it answered this thread')
}
