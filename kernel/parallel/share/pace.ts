/**
 * How the two sides of a line wait for each other. *Eager*: they look out for some microseconds before they sleep, which
 * saves the cost of waking. *Calm*: they sleep at once, which is faster where the processors are taken. Only measuring
 * tells which, and it changes: so the other way is tried now and then, for at most a twentieth of the time.
 */
export class Pace {
  /** Which way the next request is to go. */
  eager = true
  /** Mean milliseconds of a request the usual way. */
  #usual = 0
  /** Milliseconds to spend the usual way before the next trial. */
  #debt = 0
  #trial: number[] | undefined

  /** Takes note of how many milliseconds a request took. */
  record(elapsed: number): void {
    const cost = Math.min(elapsed, LONGEST_MS)
    if (this.#trial !== undefined) return this.#try(this.#trial, cost)
    this.#usual += (cost - this.#usual) / MEMORY
    this.#debt -= cost
    if (this.#debt > 0) return
    this.#trial = []
    this.eager = !this.eager
  }

  #try(costs: number[], cost: number): void {
    if (costs.push(cost) < TRIAL) return
    const settled = costs.slice(UNSETTLED)
    const mean = settled.reduce(add) / settled.length
    if (mean < this.#usual) this.#usual = mean
    else this.eager = !this.eager
    this.#debt = costs.reduce(add) * RARITY
    this.#trial = undefined
  }
}

/** Waits for at most some microseconds; answers whether it happened. */
export function lookOut(happened: () => boolean): boolean {
  const start = performance.now()
  while (!happened()) {
    if (performance.now() - start > LOOK_MS) return false
    Atomics.pause(PAUSE)
  }
  return true
}

const LOOK_MS = 0.05
const PAUSE = 50
/** A request that waits for a busy owner says nothing about the pace. */
const LONGEST_MS = 0.3
const MEMORY = 16
const TRIAL = 10
/** How many requests it takes until both sides wait the new way. */
const UNSETTLED = 2
const RARITY = 20

function add(sum: number, value: number): number {
  return sum + value
}
