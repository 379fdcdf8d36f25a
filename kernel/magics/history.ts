import { UsageError } from '../errors.ts'
import type { HistoryRange } from '../session/protocol.ts'
import { defineMagic } from './magic.ts'
import { wholeNumber } from './options.ts'

const RANGE = /^(?:(~?\d+)\/)?(?:(\d+)?(-)?(\d+)?)$/

export const historyMagic = defineMagic({
  summary: 'what was executed: of this session, of RANGEs (4, 2-6, ~1/ is the session before, 12/3-5), or what fits a PATTERN with *',
  words: '[RANGE…]',
  options: {
    last: { type: 'string', short: 'l', value: 'COUNT' },
    grep: { type: 'string', short: 'g', value: 'PATTERN' },
    unique: { type: 'boolean', short: 'u' },
    output: { type: 'boolean', short: 'o' },
    numbers: { type: 'boolean', short: 'n' }
  },
  line({ words, options: { last, grep, unique = false, output = false, numbers = false }, notebook }) {
    const count = last === undefined ? undefined : wholeNumber('%history', 'last', last, 1)
    if (words.length > 0 && (count !== undefined || grep !== undefined)) throw new UsageError('%history takes either ranges, or --last and --grep.')
    notebook.showHistory({ ranges: words.map(toRange), last: count, pattern: grep === undefined ? undefined : `*${grep}*`, unique, output, numbers })
  }
})

function toRange(word: string): HistoryRange {
  const [whole, session, start, dash, end] = RANGE.exec(word) ?? []
  if (!whole) throw new UsageError(`"${word}" is no range of the history: 4, 2-6, ~1/ (the session before), or 12/3-5.`)
  const first = start === undefined ? 1 : Number(start)
  const only = start !== undefined && dash === undefined
  return { session: toSession(session), start: first, stop: only ? first + 1 : end === undefined ? undefined : Number(end) + 1 }
}

/** As the protocol counts: 0 is this session, -1 the one before. */
function toSession(text: string | undefined): number {
  if (text === undefined) return 0
  return text.startsWith('~') ? -Number(text.slice(1)) : Number(text)
}
