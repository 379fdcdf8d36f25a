/** The thread's side of the line: asks, sleeps until the owner answered, and keeps the references that came back. */
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads'
import { types } from 'node:util'
import { Reader, Writer } from './bytes.ts'
import { UsageError } from '../../errors.ts'
import { BY_PORT, type OwnerMessage, type Packet, RING, State, type ThreadMessage, views, Word } from './channel.ts'
import { Decoder } from './decode.ts'
import { Encoder } from './encode.ts'
import { OwnClasses } from './own-classes.ts'
import { References } from './references.ts'
import { lookOut, Pace } from './pace.ts'
import { appendAsker } from './stack.ts'
import { Answer } from './tags.ts'

export class Asker implements Disposable {
  readonly references: References
  readonly ownClasses = new OwnClasses(this)
  readonly #port: MessagePort
  readonly #words: Int32Array
  readonly #body: Buffer
  readonly #answer: Reader
  readonly #pace = new Pace()
  #spare: Writer | undefined = new Writer()
  /** Whether the last answer was a method that its class may remember. */
  lastWasMethod = false

  constructor(port: MessagePort, memory: SharedArrayBuffer) {
    const { words, body } = views(memory)
    this.#port = port
    this.#words = words
    this.#body = body
    this.#answer = new Reader(body)
    this.references = new References(this, (message) => void this.#post(message), (busy) => busy ? port.ref() : port.unref())
    port.on('message', (message: OwnerMessage) => this.#accept(message))
    port.once('close', () => this[Symbol.dispose]())
    port.unref()
  }

  /** Asks and waits; answers the value or throws what the owner threw. */
  ask(operation: number, ...operands: readonly unknown[]): unknown {
    this.#request(operation, operands)
    this.#wait()
    return this.#result(this.#source())
  }

  /** The same for something that is looked at: a rejected promise in it is not this thread's to handle. */
  read(operation: number, ...operands: readonly unknown[]): unknown {
    const value = this.ask(operation, ...operands)
    if (types.isPromise(value)) value.catch(() => {})
    return value
  }

  [Symbol.dispose](): void {
    Atomics.store(this.#words, Word.state, State.closed)
    this.#port.close()
    this.references.close(closed())
  }

  /** A getter of an operand may itself ask: so the values are complete before the shared memory is touched. */
  #request(operation: number, operands: readonly unknown[]): void {
    const out = this.#spare ?? new Writer()
    this.#spare = undefined
    try {
      out.reset()
      out.byte(operation)
      this.#encode(out, operands)
      this.#send(out)
    } finally {
      this.#spare = out
    }
  }

  #encode(out: Writer, operands: readonly unknown[]): void {
    try {
      new Encoder(out, this.references).list(operands)
    } catch (error) {
      throw error instanceof UsageError ? new UsageError(`${destination(operands)}: ${error.message}`) : error
    }
  }

  #send(out: Writer): void {
    if (Atomics.load(this.#words, Word.state) === State.closed) throw closed()
    const local = out.length <= this.#body.length && out.cargo.length === 0
    if (local) this.#body.set(out.bytes)
    else this.#post({ type: 'packet', packet: { bytes: Uint8Array.from(out.bytes), cargo: [...out.cargo] } })
    this.#words[Word.length] = local ? out.length : BY_PORT
    this.#words[Word.begun] = 0
    this.#words[Word.answered] = 0
    this.#words[Word.eager] = Number(this.#pace.eager)
    this.#hand()
  }

  #hand(): void {
    for (;;) {
      const state = Atomics.load(this.#words, Word.state)
      if (state === State.closed) throw closed()
      if (Atomics.compareExchange(this.#words, Word.state, state, State.request) !== state) continue
      if (state === State.asleep) this.#post(RING)
      return
    }
  }

  #wait(): void {
    const start = performance.now()
    const answered = this.#pace.eager && lookOut(() => Atomics.load(this.#words, Word.state) !== State.request)
    if (!answered) this.#sleep()
    this.#pace.record(performance.now() - start)
    if (Atomics.load(this.#words, Word.answered) === 0) throw closed()
  }

  /** Rings again now and then: an interrupt may have ended the owner's work, or the owner itself, without an answer. */
  #sleep(): void {
    Atomics.store(this.#words, Word.sleeping, 1)
    while (Atomics.load(this.#words, Word.state) === State.request) {
      if (Atomics.wait(this.#words, Word.state, State.request, RING_AGAIN_MS) !== 'timed-out') continue
      if (!this.#post(RING)) Atomics.store(this.#words, Word.state, State.closed)
    }
    Atomics.store(this.#words, Word.sleeping, 0)
  }


  #source(): Reader {
    if (this.#words[Word.length] !== BY_PORT) return this.#answer.rewind()
    this.#packet = undefined
    while (this.#packet === undefined) {
      const received = receiveMessageOnPort(this.#port)
      if (received === undefined) throw closed()
      this.#accept(received.message)
    }
    const { bytes, cargo }: Packet = this.#packet
    return new Reader(bytes, cargo)
  }

  #packet: Packet | undefined

  #accept(message: OwnerMessage): void {
    if (message.type === 'packet') this.#packet = message.packet
    else this.references.settle(message.id, () => this.#result(new Reader(message.packet.bytes, message.packet.cargo)))
  }

  #result(source: Reader): unknown {
    const decoder = new Decoder(source, (from) => this.references.resolve(from))
    const kind = source.byte()
    this.lastWasMethod = kind === Answer.method
    return read[kind]?.(decoder, this.references)
  }

  /** False when nobody is at the other end any more. */
  #post(message: ThreadMessage): boolean {
    // Node answers whether the message had a receiver; its types do not say so.
    const delivered: unknown = this.#port.postMessage(message)
    return delivered !== false
  }
}

const RING_AGAIN_MS = 500

/** How an answer of each kind is read. */
const read: Readonly<Record<number, (from: Decoder, references: References) => unknown>> = {
  [Answer.value]: (from) => from.decode(),
  [Answer.method]: (from) => from.decode(),
  [Answer.list]: (from) => from.list(),
  [Answer.step]: (from) => {
    const [done, value] = from.list()
    return { done, value }
  },
  [Answer.pair]: (from) => ({ done: false, value: from.list() }),
  [Answer.error]: (from, references) => references.adopt(from.source.word(), from.decode() as Error),
  [Answer.failed]: (from, references) => { throw appendAsker(references.adopt(from.source.word(), from.decode() as Error)) },
  [Answer.thrown]: (from) => { throw from.decode() },
}

/** Where values were to go: the variable, property or method that the operands begin with. */
function destination([first, second]: readonly unknown[]): string {
  const name = typeof first === 'string' ? first : second
  return typeof name === 'string' || typeof name === 'symbol' ? String(name) : 'An argument'
}

function closed(): Error {
  return new Error('The notebook\'s variables are out of reach: the line to the session was closed')
}
