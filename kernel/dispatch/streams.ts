import type { SessionEvent } from '../session/protocol.ts'

export type Piece = Extract<SessionEvent, { type: 'stream' }>
type Send = (piece: Piece) => Promise<void>

/** Milliseconds in which pieces are gathered after one was sent; doubles while more keep coming. */
const SHORTEST_WINDOW = 25
const LONGEST_WINDOW = 200
/** UTF-16 code units that are gathered at most: while a longer text is encoded, the writer would wait for its reader. */
const LONGEST_TEXT = 64 * 1024

interface Window {
  timer: NodeJS.Timeout
  length: number
  gathered: Gathered | undefined
}

interface Gathered {
  readonly first: Piece
  readonly texts: string[]
  size: number
  last: Piece
}

/**
 * Joins neighbouring pieces of a cell's stream, since front ends limit how many messages they take:
 * the first piece leaves at once, what follows within a short window leaves together.
 */
export class Streams implements Disposable {
  readonly #send: Send
  readonly #windows = new Map<string, Window>()

  /** @param send is called with one piece after the other and in their order; it must not reject */
  constructor(send: Send) {
    this.#send = send
  }

  /** Resolves when more may come. */
  async add(piece: Piece): Promise<void> {
    if (piece.text === '') return
    const { cell } = piece.owner
    const window = this.#windows.get(cell)
    if (!window) {
      this.#open(cell)
      return this.#send(piece)
    }
    if (window.gathered && !joins(window.gathered.last, piece)) await this.#sendGathered(window)
    if (gather(window, piece).size >= LONGEST_TEXT) await this.#sendGathered(window)
  }

  /** Sends what was gathered of a cell, so that its next message can follow. */
  async flush(cell: string): Promise<void> {
    const window = this.#windows.get(cell)
    if (window) await this.#sendGathered(window)
  }

  async flushAll(): Promise<void> {
    for (const window of this.#windows.values()) await this.#sendGathered(window)
  }

  [Symbol.dispose](): void {
    for (const { timer } of this.#windows.values()) clearTimeout(timer)
    this.#windows.clear()
  }

  #open(cell: string): void {
    const length = SHORTEST_WINDOW
    const timer = setTimeout(() => this.#expire(cell), length)
    this.#windows.set(cell, { timer, length, gathered: undefined })
  }

  #expire(cell: string): void {
    const window = this.#windows.get(cell)
    if (!window?.gathered) {
      this.#windows.delete(cell)
      return
    }
    void this.#sendGathered(window)
    window.length = Math.min(window.length * 2, LONGEST_WINDOW)
    window.timer = setTimeout(() => this.#expire(cell), window.length)
  }

  async #sendGathered(window: Window): Promise<void> {
    if (!window.gathered) return
    const { first, texts } = window.gathered
    window.gathered = undefined
    await this.#send({ ...first, text: texts.join('') })
  }
}

// Lines of several workers may share a message, but half a line of one is not continued by another.
function joins(last: Piece, next: Piece): boolean {
  return last.name === next.name && (last.owner.worker === next.owner.worker || last.text.endsWith('\n'))
}

function gather(window: Window, piece: Piece): Gathered {
  window.gathered ??= { first: piece, texts: [], size: 0, last: piece }
  window.gathered.texts.push(piece.text)
  window.gathered.size += piece.text.length
  window.gathered.last = piece
  return window.gathered
}
