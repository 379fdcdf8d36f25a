import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import type { HistoryQuery } from './history.ts'

export interface Cell {
  readonly session: number
  readonly line: number
  readonly source: string
}

type Select = (query: HistoryQuery, session: number) => readonly [sql: string, ...values: SQLInputValue[]]

/** More cells than a session will ever have: what orders cells by their session and then by their line. */
const PLACE = 'session * 1000000000 + line'

/** Which cells are meant, the most recent first where only so many are. */
const SELECT: Readonly<Record<HistoryQuery['access'], Select>> = {
  tail: ({ n = -1 }) => ['SELECT session, line, source FROM history ORDER BY session DESC, line DESC LIMIT ?', n],
  range: ({ session, start, stop = Number.MAX_SAFE_INTEGER }, own) => [
    'SELECT session, line, source FROM history WHERE session = ? AND line >= ? AND line < ? ORDER BY line DESC',
    session <= 0 ? own + session : session, start, stop
  ],
  search: ({ pattern, unique, n = -1 }) => [
    // A bare column beside max() is of the row that has it.
    `SELECT session, line, source, max(${PLACE}) AS place FROM history WHERE source GLOB ? GROUP BY ${unique ? 'source' : PLACE} ORDER BY place DESC LIMIT ?`,
    pattern.replaceAll('[', '[[]'), n
  ]
}

/** The cells that a query asks for, oldest first. `session` is the number of the one that asks. */
export function select(database: DatabaseSync, query: HistoryQuery, session: number): Cell[] {
  const [sql, ...values] = SELECT[query.access](query, session)
  return (database.prepare(sql).all(...values) as unknown as Cell[]).toReversed()
}
