import type { Plain } from './protocol.ts'

/** Small values that a realm puts into queues, on their way to the hub through memory that both of them have. */
const SLOTS = 8192
const HEADER_BYTES = 64
const SLOT_BYTES = 16
const SLOT_WORDS = SLOT_BYTES / Int32Array.BYTES_PER_ELEMENT
/** How long a thread waits for room, in milliseconds. */
const PATIENCE = 1
export const RING_BYTES = HEADER_BYTES + SLOTS * SLOT_BYTES

/** In the header: how many values were written and read, and whether the reader wants to be told of the next one. */
const Word = { written: 0, read: 1, asleep: 2 } as const
/** In a slot: the queue's number, the kind of value, and how many messages its realm had posted before; then the number. */
const FIRST_WORD = HEADER_BYTES / Int32Array.BYTES_PER_ELEMENT
const FIRST_NUMBER = HEADER_BYTES / Float64Array.BYTES_PER_ELEMENT
const KIND_SHIFT = 24
const QUEUE_MASK = 2 ** KIND_SHIFT - 1

const constants: readonly Plain[] = [undefined, null, false, true]
const NUMBER = constants.length

/** The realm's end. */
export class RingWriter {
  readonly #words: Int32Array
  readonly #numbers: Float64Array

  constructor(memory: ArrayBufferLike) {
    this.#words = new Int32Array(memory)
    this.#numbers = new Float64Array(memory)
  }

  /** Whether there is room, and the value is one of the small ones. */
  put(queue: number, value: unknown, stamp: number): boolean {
    const words = this.#words
    const written = Atomics.load(words, Word.written)
    const kind = typeof value === 'number' ? NUMBER : constants.indexOf(value as Plain)
    if (kind < 0 || !this.#hasRoom(written)) return false
    const slot = written & (SLOTS - 1)
    words[FIRST_WORD + slot * SLOT_WORDS] = queue | (kind << KIND_SHIFT)
    words[FIRST_WORD + slot * SLOT_WORDS + 1] = stamp
    if (kind === NUMBER) this.#numbers[FIRST_NUMBER + slot * 2 + 1] = value as number
    Atomics.store(words, Word.written, (written + 1) | 0)
    return true
  }

  /** Waits a moment for a reader that is behind, where threads can wait: a message for each value would only add to its work. */
  #hasRoom(written: number): boolean {
    const read = Atomics.load(this.#words, Word.read)
    if (((written - read) | 0) < SLOTS) return true
    return this.#words.buffer instanceof SharedArrayBuffer && Atomics.wait(this.#words, Word.read, read, PATIENCE) !== 'timed-out'
  }

  /** Whether the reader has to be told. */
  wakes(): boolean {
    return Atomics.load(this.#words, Word.asleep) === 1 && Atomics.exchange(this.#words, Word.asleep, 0) === 1
  }
}

/** The hub's end. */
export class RingReader {
  readonly #words: Int32Array
  readonly #numbers: Float64Array

  constructor(memory: ArrayBufferLike) {
    this.#words = new Int32Array(memory)
    this.#numbers = new Float64Array(memory)
    Atomics.store(this.#words, Word.asleep, 1)
  }

  /** Reads what was written before the realm had posted more than `received` messages. `again`: whoever writes need not tell. */
  drain(received: number, again: boolean, take: (queue: number, value: Plain) => void): void {
    const words = this.#words
    for (;;) {
      let read = Atomics.load(words, Word.read)
      const written = Atomics.load(words, Word.written)
      if (again && read === written) return void Atomics.store(words, Word.asleep, 0)
      for (; read !== written; read = (read + 1) | 0) {
        const slot = read & (SLOTS - 1)
        const word = FIRST_WORD + slot * SLOT_WORDS
        if ((((words[word + 1] as number) - received) | 0) > 0) break
        const head = words[word] as number
        const kind = head >>> KIND_SHIFT
        take(head & QUEUE_MASK, kind === NUMBER ? this.#numbers[FIRST_NUMBER + slot * 2 + 1] : constants[kind])
      }
      Atomics.store(words, Word.read, read)
      if (words.buffer instanceof SharedArrayBuffer) Atomics.notify(words, Word.read)
      // What is left waits for a message that is on its way.
      if (read !== written) return
      if (again) continue
      Atomics.store(words, Word.asleep, 1)
      // Written in between: nobody will be told of it.
      if (Atomics.load(words, Word.written) === read || Atomics.exchange(words, Word.asleep, 0) === 0) return
    }
  }
}
