/** Large bytes on their way between two processes, through memory that both have: one lane there, and one back. */
const LANE_BYTES = 4 * 2 ** 20
const HEADER_BYTES = 64
const MASK = LANE_BYTES - 1
export const LANES_BYTES = 2 * (HEADER_BYTES + LANE_BYTES)

/** The one who makes the memory writes to the first. */
export type LaneNumber = 0 | 1

/** A lane's writing end. What comes by it is announced by messages, in the same order. */
export class LaneWriter {
  readonly #bytes: Uint8Array
  readonly #read: Int32Array
  #written = 0

  constructor(memory: ArrayBufferLike, number: LaneNumber) {
    this.#bytes = bytesOfLane(memory, number)
    this.#read = readOfLane(memory, number)
  }

  /** Whether there is room now; else nothing is written. */
  put(bytes: Uint8Array): boolean {
    const start = placeFor(this.#written, bytes.length)
    const end = (start + bytes.length) | 0
    if (bytes.length > LANE_BYTES || ((end - Atomics.load(this.#read, 0)) | 0) > LANE_BYTES) return false
    this.#bytes.set(bytes, start & MASK)
    this.#written = end
    return true
  }
}

/** A lane's reading end. */
export class LaneReader {
  readonly #bytes: Uint8Array
  readonly #read: Int32Array

  constructor(memory: ArrayBufferLike, number: LaneNumber) {
    this.#bytes = bytesOfLane(memory, number)
    this.#read = readOfLane(memory, number)
  }

  /** Moves the next bytes out of the lane. */
  take(into: Uint8Array): void {
    const start = placeFor(Atomics.load(this.#read, 0), into.length)
    const place = start & MASK
    into.set(this.#bytes.subarray(place, place + into.length))
    Atomics.store(this.#read, 0, (start + into.length) | 0)
  }
}

function bytesOfLane(memory: ArrayBufferLike, number: LaneNumber): Uint8Array {
  return new Uint8Array(memory, 2 * HEADER_BYTES + number * LANE_BYTES, LANE_BYTES)
}

/** How many bytes were read, modulo 2³². */
function readOfLane(memory: ArrayBufferLike, number: LaneNumber): Int32Array {
  return new Int32Array(memory, number * HEADER_BYTES, 1)
}

/** What doesn't fit before the end of the lane begins at its beginning. */
function placeFor(position: number, length: number): number {
  const left = LANE_BYTES - (position & MASK)
  return length <= left ? position : (position + left) | 0
}
