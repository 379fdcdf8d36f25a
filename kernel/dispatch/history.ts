/** One executed cell: session number, line number (its execution count), and its code, with its result if asked for. */
export type HistoryEntry = readonly [session: number, line: number, input: string | readonly [string, string | null]]

export interface HistoryQuery {
  readonly access: 'tail' | 'range' | 'search'
  readonly output: boolean
  /** Only for `range`: `0` is this session, as it is the only one. */
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

interface Cell {
  readonly line: number
  readonly input: string
  output: string | null
}

const SESSION = 1

/** What was executed since the kernel started. */
export class History {
  readonly #cells: Cell[] = []

  add(line: number, input: string): void {
    this.#cells.push({ line, input, output: null })
  }

  /** Keeps the result of a cell, as text. */
  addOutput(line: number, output: string): void {
    const cell = this.#cells.findLast(candidate => candidate.line === line)
    if (cell) cell.output = output
  }

  /** The cells that a history_request asks for, oldest first. */
  find(query: HistoryQuery): HistoryEntry[] {
    const cells = SELECT[query.access](this.#cells, query)
    return cells.map(({ line, input, output }) => [SESSION, line, query.output ? [input, output] : input])
  }
}

type Select = (cells: readonly Cell[], query: HistoryQuery) => readonly Cell[]

const SELECT: Readonly<Record<HistoryQuery['access'], Select>> = {
  tail: (cells, { n }) => last(cells, n),
  range: (cells, { session, start, stop = Infinity }) =>
    isThisSession(session) ? cells.filter(({ line }) => line >= start && line < stop) : [],
  search: (cells, { pattern, unique, n }) => {
    const matcher = glob(pattern)
    const matching = cells.filter(({ input }) => matcher.test(input))
    return last(unique ? latestOfEqual(matching) : matching, n)
  }
}

function isThisSession(session: number): boolean {
  return session === 0 || session === SESSION
}

function last(cells: readonly Cell[], n: number | undefined): readonly Cell[] {
  return n === undefined ? cells : cells.slice(Math.max(0, cells.length - n))
}

function latestOfEqual(cells: readonly Cell[]): readonly Cell[] {
  const latest = new Map(cells.map(cell => [cell.input, cell]))
  return cells.filter(cell => latest.get(cell.input) === cell)
}

function glob(pattern: string): RegExp {
  const parts = pattern.split(/([*?])/)
  const source = parts.map(part => part === '*' ? '.*' : part === '?' ? '.' : RegExp.escape(part)).join('')
  return new RegExp(`^${source}$`, 's')
}
