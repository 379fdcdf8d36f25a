import type { HistoryStore } from './store.ts'

/** One executed cell: session number, line number (its execution count), and its code, with its result if asked for. */
export type HistoryEntry = readonly [session: number, line: number, input: string | readonly [string, string | null]]

export interface HistoryQuery {
  readonly access: 'tail' | 'range' | 'search'
  readonly output: boolean
  /** Only for `range`: `0` is this session, `-1` the one before it, and so on; else its number. */
  readonly session: number
  readonly start: number
  /** Exclusive; up to the last cell if absent. */
  readonly stop: number | undefined
  /** The most recent so many; all if absent. */
  readonly n: number | undefined
  /** Only for `search`: `*` stands for any characters, `?` for one. */
  readonly pattern: string
  /** Only for `search`: of equal cells, only the most recent. */
  readonly unique: boolean
}

/** What a shell has executed: its own session among those that the store keeps. Results are kept only as long as it is. */
export class History {
  readonly #store: HistoryStore
  readonly #outputs = new Map<number, string>()

  constructor(store: HistoryStore) {
    this.#store = store
  }

  add(line: number, input: string): void {
    this.#store.add(this, line, input)
  }

  /** Keeps the result of a cell, as text. */
  addOutput(line: number, output: string): void {
    this.#outputs.set(line, output)
  }

  /** The cells that a history_request asks for, oldest first. */
  async find(query: HistoryQuery): Promise<HistoryEntry[]> {
    const { own, cells } = await this.#store.find(this, query)
    return cells.map(({ session, line, source }) => {
      const output = session === own ? (this.#outputs.get(line) ?? null) : null
      return [session, line, query.output ? [source, output] : source]
    })
  }
}
