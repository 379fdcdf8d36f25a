import type { Sink } from '../output/sink.ts'
import { Word } from './inside.ts'
import { framesOf } from './whereabouts.ts'

/** How long a cell may wait for the main thread before it says for what, and how long that may take to find out, in milliseconds. */
const PATIENCE = 500
const LOOK_PATIENCE = 1000

export interface HoldupOptions {
  readonly words: Int32Array
  readonly sink: Sink
  runningCell(): string
  /** The stack of what runs, if it can be had in so many milliseconds. */
  look(patience: number): Promise<unknown>
}

/** Tells a cell that can't begin what keeps the main thread busy: what an earlier cell has left behind, such as a timer's callback that loops. */
export class Holdup {
  readonly #options: HoldupOptions
  #number = 0
  #watching = false
  #since = 0
  #told = 0

  constructor(options: HoldupOptions) {
    this.#options = options
  }

  /** The cell of this number is to begin, if it has not yet. */
  expect(number: number): void {
    this.#number = number
    this.#since = performance.now()
    if (!this.#watching) this.#watch(PATIENCE)
  }

  /** One timer for all cells. */
  #watch(milliseconds: number): void {
    this.#watching = true
    setTimeout(() => void this.#check(), milliseconds).unref()
  }

  async #check(): Promise<void> {
    this.#watching = false
    const { words, sink, runningCell, look } = this.#options
    const number = this.#number
    const isHeld = () => Atomics.load(words, Word.cellsBegun) < number
    if (!isHeld() || this.#told === number) return
    const left = this.#since + PATIENCE - performance.now()
    if (left > 1) return this.#watch(left)
    const owner = { cell: runningCell() }
    const places = framesOf(await look(LOOK_PATIENCE)).map(line => `${line}\n`).join('')
    if (!isHeld()) return
    this.#told = number
    sink.write(owner, 'stderr', `This cell waits for what an earlier one has left behind, which is busy; interrupt to end that.\n${places}`)
  }
}
