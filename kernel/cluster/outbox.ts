import type { Redis } from 'ioredis'
import { setTimeout as pause } from 'node:timers/promises'
import type { SealedFrame } from './frame.ts'

/** So many writes may be unanswered; what comes meanwhile goes together. */
const UNANSWERED = 4
/** The most bytes of one entry. */
const LARGEST = 256 * 1024
/** The most frames of one entry. */
const MOST = 256
/** Before another try with an inbox that is not there, in milliseconds. */
const RETRY = 500
/** After so many tries its owner is gone. */
const TRIES = 20

interface Letter {
  readonly inbox: string
  readonly frames: SealedFrame[]
  unanswered: number
  /** How often the inbox was not there, one time after the other. */
  missing: number
  isScheduled: boolean
}

/** Writes frames into inboxes: at once where little is to be written, else many in one. */
export class Outbox {
  readonly #redis: Redis
  readonly #letters = new Map<string, Letter>()

  constructor(redis: Redis) {
    this.#redis = redis
  }

  put(inbox: string, frame: SealedFrame): void {
    let letter = this.#letters.get(inbox)
    if (!letter) this.#letters.set(inbox, (letter = { inbox, frames: [], unanswered: 0, missing: 0, isScheduled: false }))
    letter.frames.push(frame)
    this.#schedule(letter)
  }

  /** What else is put in this turn of the event loop goes along. */
  #schedule(letter: Letter): void {
    if (letter.isScheduled || letter.frames.length === 0 || letter.unanswered >= UNANSWERED) return
    letter.isScheduled = true
    setImmediate(() => {
      letter.isScheduled = false
      void this.#write(letter)
    })
  }

  async #write(letter: Letter): Promise<void> {
    const frames = takeSome(letter.frames)
    this.#schedule(letter)
    letter.unanswered++
    try {
      // Into an inbox that is there: whoever has gone gets nothing.
      const id = await this.#redis.xadd(letter.inbox, 'NOMKSTREAM', '*', ...frames.flatMap(({ head, payload }) => [head, payload]))
      if (id !== null) letter.missing = 0
      else if (++letter.missing < TRIES) {
        letter.frames.unshift(...frames)
        await pause(RETRY, undefined, { ref: false })
      }
    } catch {
      // The channels send again what they have to when there is a connection.
    }
    letter.unanswered--
    if (letter.frames.length === 0 && letter.unanswered === 0) this.#letters.delete(letter.inbox)
    else this.#schedule(letter)
  }
}

/** As many frames as fit into an entry, one at least. */
function takeSome(frames: SealedFrame[]): SealedFrame[] {
  let length = 0
  const end = frames.findIndex((frame, index) => {
    length += frame.payload.length
    return index > 0 && (length > LARGEST || index >= MOST)
  })
  return frames.splice(0, end < 0 ? frames.length : end)
}
