import type { HistoryWish } from '../../session/protocol.ts'
import type { History, HistoryEntry, HistoryQuery } from './history.ts'

/** What `%history` prints. Where it searches, it does not find the `asking` cell itself. */
export async function showHistory(history: History, wish: HistoryWish, asking: string): Promise<string> {
  const found = (await Promise.all(queriesOf(wish).map(query => history.find(query)))).flat()
  const entries = wish.ranges.length > 0 || isPlain(wish) ? found : found.filter(entry => inputOf(entry) !== asking).slice(-(wish.last ?? Infinity))
  if (entries.length === 0) return 'Nothing like that was executed.\n'
  const isOverSessions = !isPlain(wish) && (wish.ranges.length === 0 || wish.ranges.some(({ session }) => session !== 0))
  return entries.map(entry => describe(entry, wish.numbers || isOverSessions, isOverSessions)).join('')
}

/** Just this session. */
function isPlain({ ranges, last, pattern, unique }: HistoryWish): boolean {
  return ranges.length === 0 && last === undefined && pattern === undefined && !unique
}

function inputOf([, , cell]: HistoryEntry): string {
  return typeof cell === 'string' ? cell : cell[0]
}

function queriesOf({ ranges, last, pattern, unique, output }: HistoryWish): HistoryQuery[] {
  // One more than asked for: the asking cell may be among them.
  const n = last === undefined ? undefined : last + 1
  const query: HistoryQuery = { access: 'range', output, session: 0, start: 1, stop: undefined, n, pattern: pattern ?? '*', unique }
  if (pattern !== undefined || (unique && ranges.length === 0)) return [{ ...query, access: 'search' }]
  if (last !== undefined) return [{ ...query, access: 'tail' }]
  return (ranges.length === 0 ? [{ session: 0, start: 1, stop: undefined }] : ranges).map(range => ({ ...query, ...range }))
}

function describe([session, line, cell]: HistoryEntry, isNumbered: boolean, isOverSessions: boolean): string {
  const [input, output] = typeof cell === 'string' ? [cell, null] : cell
  const number = isOverSessions ? `${session}/${line}: ` : `${line}: `
  const shown = isNumbered ? `${number}${input.replaceAll('\n', `\n${' '.repeat(number.length)}`)}` : input
  return `${shown}\n${output === null ? '' : `→ ${output}\n`}`
}
