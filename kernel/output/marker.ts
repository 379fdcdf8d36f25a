/**
 * How a process says, in the middle of what it prints, whose bytes follow and what is not text at all.
 *
 * Each stream starts with a hello and a secret that its writer made up. From then on, ESC + secret introduces a marker: one byte
 * of kind, four of length, the payload. Everything else is output. Nobody who doesn't know the secret can forge one.
 */

export const SECRET_LENGTH = 16
const ESC = 0x1b
const MAGIC = Buffer.from('\x1bparacell:')
const HEADER_LENGTH = 1 + SECRET_LENGTH + 1 + 4
/** A write of this size stays whole when several processes share a descriptor (measured up to 3 kB). */
const CHUNK_LENGTH = 2048

export const MarkerKind = { owner: 0, event: 1, fence: 2 } as const
export type MarkerKind = (typeof MarkerKind)[keyof typeof MarkerKind]
/** More pieces of the same marker follow. */
const MORE = 0x80
/** A marker begins: whatever was left of another one was cut off by an interrupt. */
const FIRST = 0x40

/** What a stream starts with. A stream that starts otherwise has no markers: it is all output. */
export function encodeHello(secret: Uint8Array): Buffer {
  return Buffer.concat([MAGIC, secret])
}

/** A marker in pieces that each stay whole on a shared descriptor. */
export function encodeMarker(secret: Buffer, kind: MarkerKind, payload: Uint8Array): Buffer[] {
  const pieces: Buffer[] = []
  let offset = 0
  do {
    const part = payload.subarray(offset, offset + CHUNK_LENGTH)
    const flags = (offset === 0 ? FIRST : 0) | (offset + part.length < payload.length ? MORE : 0)
    offset += part.length
    pieces.push(encodePiece(secret, kind | flags, part))
  } while (offset < payload.length)
  return pieces
}

function encodePiece(secret: Buffer, kind: number, part: Uint8Array): Buffer {
  const piece = Buffer.allocUnsafe(HEADER_LENGTH + part.length)
  piece[0] = ESC
  piece.set(secret, 1)
  piece[1 + SECRET_LENGTH] = kind
  piece.writeUInt32LE(part.length, 2 + SECRET_LENGTH)
  piece.set(part, HEADER_LENGTH)
  return piece
}

export type Part = { readonly type: 'bytes'; readonly bytes: Buffer } | { readonly type: 'marker'; readonly kind: MarkerKind; readonly payload: Buffer }

/** Takes a stream apart again, however its chunks were cut. */
export class MarkerParser {
  /** ESC + secret; `null` in a stream without markers. */
  #secret: Buffer | null | undefined
  #rest: Buffer = Buffer.alloc(0)
  #pieces: Buffer[] = [];

  /** The parts that are complete with this chunk; the remainder waits for the next one. */
  *push(chunk: Buffer): Generator<Part> {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    if (this.#secret === undefined && !this.#takeHello()) return
    for (let part = this.#next(); part; part = this.#next()) yield part
  }

  /** What is left when the stream has ended: a marker cut off by a sudden death is not output. */
  *end(): Generator<Part> {
    const rest = this.#rest
    this.#rest = Buffer.alloc(0)
    const start = this.#secret ? rest.indexOf(this.#secret) : -1
    const bytes = start < 0 ? rest : rest.subarray(0, start)
    if (bytes.length > 0) yield { type: 'bytes', bytes }
  }

  /** Whether enough has come to know what the stream starts with. */
  #takeHello(): boolean {
    const head = this.#rest.subarray(0, MAGIC.length)
    if (!head.equals(MAGIC.subarray(0, head.length))) this.#secret = null
    else if (this.#rest.length < MAGIC.length + SECRET_LENGTH) return false
    else {
      this.#secret = Buffer.concat([Buffer.of(ESC), this.#rest.subarray(MAGIC.length, MAGIC.length + SECRET_LENGTH)])
      this.#rest = this.#rest.subarray(MAGIC.length + SECRET_LENGTH)
    }
    return true
  }

  #next(): Part | undefined {
    if (this.#rest.length === 0) return undefined
    if (!this.#secret) return this.#takeBytes(this.#rest.length)
    const start = findMarker(this.#rest, this.#secret)
    return start > 0 ? this.#takeBytes(start) : this.#takeMarker()
  }

  #takeBytes(length: number): Part {
    const bytes = this.#rest.subarray(0, length)
    this.#rest = this.#rest.subarray(length)
    return { type: 'bytes', bytes }
  }

  #takeMarker(): Part | undefined {
    if (this.#rest.length < HEADER_LENGTH) return undefined
    const kind = this.#rest[1 + SECRET_LENGTH] as number
    const end = HEADER_LENGTH + this.#rest.readUInt32LE(2 + SECRET_LENGTH)
    if (this.#rest.length < end) return undefined
    if (kind & FIRST) this.#pieces = []
    this.#pieces.push(this.#rest.subarray(HEADER_LENGTH, end))
    this.#rest = this.#rest.subarray(end)
    if (kind & MORE) return this.#next()
    const payload = this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces)
    this.#pieces = []
    return { type: 'marker', kind: (kind & ~FIRST) as MarkerKind, payload }
  }
}

/** Where the first marker starts, or may start; the length where there is none. */
function findMarker(bytes: Buffer, secret: Buffer): number {
  const start = bytes.indexOf(secret)
  if (start >= 0) return start
  for (let tail = Math.max(0, bytes.length - secret.length + 1); tail < bytes.length; tail++) {
    if (bytes[tail] === ESC && bytes.subarray(tail).equals(secret.subarray(0, bytes.length - tail))) return tail
  }
  return bytes.length
}
