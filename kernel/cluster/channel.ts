import type { KeyObject } from 'node:crypto'
import { type Frame, isGenuine, Kind, readFrame, type SealedFrame, sealFrame } from './frame.ts'

/** So many bytes may be on their way in one direction: more waits until the other side has taken some. */
export const WINDOW = 4 * 1024 * 1024
/** After so many bytes the other side hears that they were taken, also if there is nothing else to say: while there is room for many more. */
const TELL_AFTER = WINDOW / 8
/** Longer payloads go in pieces. */
const PIECE = 64 * 1024

export interface ChannelOptions {
  readonly id: Buffer
  /** Puts a frame on its way. */
  readonly send: (frame: SealedFrame) => void
  /** What this side seals with, and the other side. */
  readonly keys: { readonly out: KeyObject; readonly in: KeyObject }
  /** Sent before all else, for as long as nothing comes back. */
  readonly hello?: SealedFrame
  /** Takes what came; a promise resolves when there is room for more of the kind. */
  receive(kind: Kind, payload: Uint8Array): Promise<void> | undefined
}

interface Sent {
  readonly number: number
  readonly frame: SealedFrame
}

interface Taken {
  readonly number: number
  readonly length: number
  done: boolean
}

/**
 * Frames between a session and a process of another machine: in order, each once, each sealed, and no more at a time than
 * the other side takes. What a Redis forgets when it starts again is sent again.
 */
export class Channel {
  readonly id: Buffer
  readonly #options: ChannelOptions
  /** Sent, but not known to be taken. */
  readonly #sent: Sent[] = []
  #sentBytes = 0
  readonly #waiting: { readonly kind: Kind; readonly payload: Uint8Array }[] = []
  #lastSent = 0
  #lastReceived = 0
  /** Received, and not all of it taken. */
  readonly #taking: Taken[] = []
  #lastTaken = 0
  #untold = 0
  #missedAfter = -1
  #room: PromiseWithResolvers<void> | undefined
  #settled: PromiseWithResolvers<void> | undefined
  #isClosed = false

  constructor(options: ChannelOptions) {
    this.#options = options
    this.id = options.id
  }

  /** Sends bytes, in as many frames as it takes. They must not change any more. */
  send(kind: Kind, payload: Uint8Array): void {
    if (this.#isClosed) return
    let at = 0
    do {
      this.#waiting.push({ kind, payload: payload.subarray(at, at + PIECE) })
      at += PIECE
    } while (at < payload.length)
    this.#pump()
  }

  /** Resolves when the other side has room for more; undefined when it has. */
  room(): Promise<void> | undefined {
    if (this.#isClosed || this.#sentBytes < WINDOW) return undefined
    return (this.#room ??= Promise.withResolvers()).promise
  }

  /** Resolves when the other side has taken everything, or the channel is closed. */
  async settled(): Promise<void> {
    if (this.#isClosed || (this.#sent.length === 0 && this.#waiting.length === 0)) return
    await (this.#settled ??= Promise.withResolvers()).promise
  }

  /** Takes a frame of this channel. */
  take(sealed: SealedFrame): void {
    const frame = readFrame(sealed)
    if (!frame || this.#isClosed || !isGenuine(this.#options.keys.in, sealed)) return
    this.#acknowledged(frame.taken)
    if (frame.kind === Kind.again) this.resend()
    else if (frame.kind !== Kind.ack) this.#receive(frame)
  }

  /** Sends again what may not have arrived. */
  resend(): void {
    if (this.#options.hello && this.#lastReceived === 0) this.#options.send(this.#options.hello)
    for (const { frame } of this.#sent) this.#options.send(frame)
  }

  /** Tells the other side at once what was taken. */
  tell(kind: typeof Kind.ack | typeof Kind.again = Kind.ack): void {
    this.#untold = 0
    this.#options.send(this.#seal(kind, 0, new Uint8Array()))
  }

  close(): void {
    this.#isClosed = true
    this.#room?.resolve()
    this.#settled?.resolve()
  }

  #pump(): void {
    while (this.#waiting.length > 0 && this.#sentBytes < WINDOW) {
      const { kind, payload } = this.#waiting.shift() as { kind: Kind; payload: Uint8Array }
      const number = ++this.#lastSent
      const frame = this.#seal(kind, number, payload)
      this.#untold = 0
      this.#sent.push({ number, frame })
      this.#sentBytes += payload.length
      this.#options.send(frame)
    }
  }

  #seal(kind: Kind, number: number, payload: Uint8Array): SealedFrame {
    return sealFrame(this.#options.keys.out, { channel: this.id, kind, number, taken: this.#lastTaken, payload })
  }

  #acknowledged(taken: number): void {
    for (let [oldest] = this.#sent; oldest && oldest.number <= taken; [oldest] = this.#sent) {
      this.#sent.shift()
      this.#sentBytes -= oldest.frame.payload.length
    }
    this.#pump()
    if (this.#sentBytes < WINDOW) {
      this.#room?.resolve()
      this.#room = undefined
    }
    if (this.#sent.length === 0) {
      this.#settled?.resolve()
      this.#settled = undefined
    }
  }

  #receive({ kind, number, payload }: Frame): void {
    // Sent again, though it had come: the word of it may have been lost.
    if (number <= this.#lastReceived) return this.tell()
    if (number > this.#lastReceived + 1) return this.#miss()
    this.#lastReceived = number
    const taking: Taken = { number, length: payload.length, done: false }
    this.#taking.push(taking)
    const pending = this.#options.receive(kind, payload)
    if (pending) void pending.then(() => this.#took(taking))
    else this.#took(taking)
  }

  #miss(): void {
    if (this.#missedAfter === this.#lastReceived) return
    this.#missedAfter = this.#lastReceived
    this.tell(Kind.again)
  }

  #took(taking: Taken): void {
    taking.done = true
    for (let [oldest] = this.#taking; oldest?.done; [oldest] = this.#taking) {
      this.#taking.shift()
      this.#lastTaken = oldest.number
      this.#untold += oldest.length
    }
    if (this.#untold >= TELL_AFTER && !this.#isClosed) this.tell()
  }
}
