import type { Token } from './tokens.ts'

/** An expression of names, members and literals, which evaluates without side effects apart from getters. */
export interface Chain {
  readonly expression: string
  readonly start: number
  readonly end: number
}

/** The chain whose last token is `tokens[last]`: `a.b[0]?.c`, `'text'`, `[1, 2]`; undefined where there is none. */
export function chainEndingAt(tokens: readonly Token[], last: number): Chain | undefined {
  const first = firstOf(tokens, last)
  const [start, end] = [tokens[first ?? -1]?.start, tokens[last]?.end]
  if (first === undefined || start === undefined || end === undefined) return undefined
  // Without the exclamation marks of TypeScript: `a!.b`.
  const parts = tokens.slice(first, last + 1).filter(({ text, kind }) => text !== '!' && kind !== 'comment')
  return { expression: parts.map(({ text }) => text).join(''), start, end }
}

function firstOf(tokens: readonly Token[], last: number): number | undefined {
  const token = tokens[last]
  if (!token) return undefined
  if (token.kind === 'name') return isChainWord(token) ? firstBefore(tokens, last) : undefined
  if (token.kind === 'text') return /^['"]|^`[^]*`$/.test(token.text) ? last : undefined
  if (token.kind === 'regex') return last
  if (token.text === '!') return firstOf(tokens, last - 1)
  return token.text === ']' ? firstOfBrackets(tokens, last) : undefined
}

/** With what comes before a name: nothing, or `chain.` */
function firstBefore(tokens: readonly Token[], name: number): number | undefined {
  const before = tokens[name - 1]?.text
  return before === '.' || before === '?.' ? firstOf(tokens, name - 2) : name
}

/** `chain[0]`, `chain['key']`, `chain[name]`, or an array of literals. */
function firstOfBrackets(tokens: readonly Token[], close: number): number | undefined {
  const open = tokens.findLastIndex(({ text }, index) => index < close && text === '[')
  const inside = tokens.slice(open + 1, close)
  if (open < 0 || !inside.every(isHarmless)) return undefined
  const owner = open - (tokens[open - 1]?.text === '?.' ? 2 : 1)
  const isMember = tokens[owner]?.kind === 'name' && isChainWord(tokens[owner]) || tokens[owner]?.text === ']'
  return isMember ? firstOf(tokens, owner) : open
}

const isHarmless = ({ kind, text }: Token): boolean =>
  kind === 'number' || kind === 'name' || text === ',' || text === '.' || (kind === 'text' && !text.includes('${'))

/** Keywords that stand for no value end a chain, apart from `this`. */
const isChainWord = ({ text }: Token): boolean => !noValues.has(text)

const noValues = new Set([
  'await', 'case', 'const', 'delete', 'do', 'else', 'extends', 'in', 'instanceof', 'let', 'new', 'of', 'return', 'super',
  'throw', 'typeof', 'var', 'void', 'yield',
])
