/** Large bytes on their way between two processes, through memory that both have: one lane there, and one back. */
export const LANE_BYTES = 8 * 2 ** 20
const HEADER_BYTES = 64
const MASK = LANE_BYTES - 1
/** In the header: how many bytes were read, modulo 2³², whether the writer wants to be told of room, and once how many are read. */
const Word = { read: 0, waiting: 1, until: 2 } as const
const WORDS = 3
export const LANES_BYTES = 2 * (HEADER_BYTES + LANE_BYTES)

/** The one who makes the memory writes to the first. */
export type LaneNumber = 0 | 1

/** A lane's writing end. What comes by it is announced by messages, in the same order. */
export class LaneWriter {
  readonly #bytes: Uint8Array
  readonly #words: Int32Array
  #written = 0
  #waiting: PromiseWithResolvers<void> | undefined

  constructor(memory: ArrayBufferLike, number: LaneNumber) {
    this.#bytes = bytesOfLane(memory, number)
    this.#words = wordsOfLane(memory, number)
  }

  /** Whether there is room now; else nothing is written. */
  put(bytes: Uint8Array): boolean {
    const start = placeFor(this.#written, bytes.length)
    const end = (start + bytes.length) | 0
    if (bytes.length > LANE_BYTES || this.#upTo(end) > LANE_BYTES) return false
    this.#bytes.set(bytes, start & MASK)
    this.#written = end
    return true
  }

  /** Resolves when half of the lane is free, of which the reader tells; undefined when it is. */
  room(): Promise<void> | undefined {
    if (this.#hasRoom) return undefined
    this.#waiting ??= Promise.withResolvers()
    const { promise } = this.#waiting
    Atomics.store(this.#words, Word.until, (this.#written - LANE_BYTES / 2) | 0)
    Atomics.store(this.#words, Word.waiting, 1)
    // Read in between: nobody will tell of it.
    if (this.#hasRoom && Atomics.exchange(this.#words, Word.waiting, 0) === 1) this.released()
    return promise
  }

  /** The reader has told that there is room. */
  released(): void {
    this.#waiting?.resolve()
    this.#waiting = undefined
  }

  get #hasRoom(): boolean {
    return this.#upTo(this.#written) <= LANE_BYTES / 2
  }

  #upTo(position: number): number {
    return (position - Atomics.load(this.#words, Word.read)) | 0
  }
}

/** A lane's reading end. */
export class LaneReader {
  readonly #bytes: Uint8Array
  readonly #words: Int32Array

  constructor(memory: ArrayBufferLike, number: LaneNumber) {
    this.#bytes = bytesOfLane(memory, number)
    this.#words = wordsOfLane(memory, number)
  }

  /** Moves the next bytes out of the lane. Returns whether the writer is to be told that there is room now. */
  take(into: Uint8Array): boolean {
    const start = placeFor(Atomics.load(this.#words, Word.read), into.length)
    const place = start & MASK
    into.set(this.#bytes.subarray(place, place + into.length))
    const read = (start + into.length) | 0
    Atomics.store(this.#words, Word.read, read)
    if (Atomics.load(this.#words, Word.waiting) === 0 || ((read - Atomics.load(this.#words, Word.until)) | 0) < 0) return false
    return Atomics.exchange(this.#words, Word.waiting, 0) === 1
  }
}

function bytesOfLane(memory: ArrayBufferLike, number: LaneNumber): Uint8Array {
  return new Uint8Array(memory, 2 * HEADER_BYTES + number * LANE_BYTES, LANE_BYTES)
}

function wordsOfLane(memory: ArrayBufferLike, number: LaneNumber): Int32Array {
  return new Int32Array(memory, number * HEADER_BYTES, WORDS)
}

/** What doesn't fit before the end of the lane begins at its beginning. */
function placeFor(position: number, length: number): number {
  const left = LANE_BYTES - (position & MASK)
  return length <= left ? position : (position + left) | 0
}
