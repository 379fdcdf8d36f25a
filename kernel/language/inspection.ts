import { roughFacts } from './cell-facts.ts'
import { chainEndingAt, type Chain } from './chain.ts'
import { tokenize, type Token } from './tokens.ts'

/**
 * The expression to explain at `offset` of unfinished code: the name or member under the cursor, else the function
 * whose parentheses the cursor is in. Undefined in comments, and where an answer would need to run code.
 *
 * @example
 * inspectionTarget('Math.max(1, ', 12) // { expression: 'Math.max', start: 0, end: 8 }
 */
export function inspectionTarget(code: string, offset: number): Chain | undefined {
  const tokens = tokenize(code)
  const under = tokens.findIndex(({ start, end }) => start <= offset && offset <= end && end > start)
  const touched = [under, under + 1].find(index => isNameAt(tokens[index], offset))
  if (touched !== undefined) return chainEndingAt(tokens, touched)
  const token = tokens[under]
  if (token?.kind === 'comment' && token.start < offset) return undefined
  return calleeAround(tokens.filter(({ start }) => start < offset))
}

/**
 * Whether code speaks of a name just once, and doesn't declare it: so it means what it did before the code runs.
 *
 * @example
 * isOnlyMention('find("a")', { expression: 'find', start: 0, end: 4 }) // true; in `find => find` it would be false
 */
export function isOnlyMention(code: string, { expression, start }: Chain): boolean {
  const tokens = tokenize(code)
  const index = tokens.findIndex(token => token.start === start)
  const [before = '', after = ''] = [tokens[index - 1]?.text, tokens[index + 1]?.text]
  const isUse = !/^(?:new|\.|\?\.)$/.test(before) && after !== ':' && after !== '=>'
  return isUse && tokens.filter(({ text }) => text === expression).length === 1 && !roughFacts(code).names.has(expression)
}

/**
 * Whether a name means in the code what it does outside: nowhere is it declared, nor may it be a parameter.
 *
 * @example
 * isFromOutside('Math.max(1, Math.PI)', 'Math') // true; in `(Math) => Math.max(1)` it would be false
 */
export function isFromOutside(code: string, name: string): boolean {
  const tokens = tokenize(code)
  const isUse = tokens.every(({ text }, index) => text !== name || /^\??\.$/.test(tokens[index - 1]?.text ?? '') || /^(?:\??\.|\(|\[|;)$/.test(tokens[index + 1]?.text ?? ';'))
  return isUse && !roughFacts(code).names.has(name)
}

const isNameAt = (token: Token | undefined, offset: number): boolean =>
  token?.kind === 'name' && token.start <= offset && offset <= token.end

/** The chain before the innermost parenthesis that is still open. */
function calleeAround(before: readonly Token[]): Chain | undefined {
  let depth = 0
  for (let index = before.length - 1; index >= 0; index--) {
    const { text, kind } = before[index] as Token
    if (kind !== 'mark') continue
    if (text === ')') depth++
    else if (text === '(' && depth-- === 0) return chainEndingAt(before, index - 1)
  }
  return undefined
}
