import v8 from 'node:v8'

/** How many cells `In` goes back, and `Out` at most. */
const INPUTS_KEPT = 2000
const RESULTS_KEPT = 100
/** Those that `_`, `__` and `___` are: kept however large they are. */
const NEWEST = ['_', '__', '___'] as const
/** The globals that are the notebook's from the start. */
export const RESULT_NAMES = ['In', 'Out', ...NEWEST]
/** Part of the heap's limit beyond which older results are let go. */
const SCARCE = 0.25

/**
 * What cells were and what they gave, by IPython's names: `In[3]`, `Out[3]`, and `_`, `__`, `___` for the newest results.
 * Whoever declares such a name has it for himself.
 */
export class Results {
  readonly #inputs: string[] = ['']
  readonly #outputs: Record<number, unknown> = {}
  #kept: number[] = []
  #newest: unknown[] = []
  readonly #isScarce: () => boolean

  /** `isScarce`: whether memory is to be saved. */
  constructor(isScarce: () => boolean = isHeapScarce) {
    this.#isScarce = isScarce
    offer('In', () => this.#inputs)
    offer('Out', () => this.#outputs)
    for (const [index, name] of NEWEST.entries()) offer(name, () => this.#newest[index])
  }

  begin(count: number, code: string): void {
    this.#inputs[count] = code
    if (count > INPUTS_KEPT) Reflect.deleteProperty(this.#inputs, count - INPUTS_KEPT)
  }

  add(count: number, value: unknown): void {
    if (value === this.#outputs) return
    this.#outputs[count] = value
    this.#kept.push(count)
    this.#newest = [value, ...this.#newest.slice(0, NEWEST.length - 1)]
    const old = this.#kept.slice(0, -(this.#isScarce() ? NEWEST.length : RESULTS_KEPT))
    if (old.length === 0) return
    this.#kept = this.#kept.slice(old.length)
    for (const each of old) Reflect.deleteProperty(this.#outputs, each)
  }
}

function isHeapScarce(): boolean {
  const { used_heap_size: used, external_memory: external, heap_size_limit: limit } = v8.getHeapStatistics()
  return used + external > limit * SCARCE
}

/** A global that is looked up, and plain as soon as somebody assigns to it. */
function offer(name: string, get: () => unknown): void {
  const set = (value: unknown): void => void Object.defineProperty(globalThis, name, { value, writable: true, enumerable: true, configurable: true })
  Object.defineProperty(globalThis, name, { get, set, configurable: true })
}
