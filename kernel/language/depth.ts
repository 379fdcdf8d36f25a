import { CellSyntaxError } from './syntax-error.ts'
import { type Token, tokenize } from './tokens.ts'

/** Levels that the parsers can follow, with room to spare: at twice as many, native ones break, and the process with them. */
const DEEPEST = 2000

/**
 * Throws CellSyntaxError for code that is nested so deeply that a parser would end the process: in brackets, or in
 * operators such as `!!!!x` and `a + b + c`. Code that is short can't be; of other code, most is passed by a glance.
 */
export function refuseTooDeep(source: string): void {
  const offset = deepAt(source)
  if (offset !== undefined) throw new CellSyntaxError(`The code is nested more than ${DEEPEST} levels deep`, source, offset)
}

/** The same for code that is not to run: whether a parser may see it. */
export function isTooDeep(source: string): boolean {
  return deepAt(source) !== undefined
}

function deepAt(source: string): number | undefined {
  return source.length > DEEPEST && mayBeTooDeep(source) ? tooDeepAt(tokenize(source)) : undefined
}

/** Counts what looks like brackets and operators, in strings and comments too. */
function mayBeTooDeep(source: string): boolean {
  let [brackets, chain] = [0, 0]
  for (let index = 0; index < source.length; index++) {
    const mark = marks.get(source.charCodeAt(index))
    if (mark === undefined) continue
    if (mark === Mark.end) chain = 0
    else if (mark === Mark.operator) chain++
    else brackets = Math.max(0, brackets + mark)
    if (brackets + chain > DEEPEST) return true
  }
  return (source.match(words)?.length ?? 0) > DEEPEST
}

const Mark = { open: 1, close: -1, operator: 2, end: 3 } as const
const marks = new Map([['([{', Mark.open], [')]}', Mark.close], ['!~+-*%&|^?:.=', Mark.operator], [';,', Mark.end]].flatMap(
  ([text, mark]) => [...String(text)].map(character => [character.charCodeAt(0), Number(mark)] as const)
))
const words = /\b(?:typeof|await|new|void|delete|yield|else)\b/g

/** The first token of the level that is too deep. */
function tooDeepAt(tokens: readonly Token[]): number | undefined {
  const outer: number[] = []
  // Operators since the last end of an expression, and before the last `}`, which an `else` may follow.
  let [chain, depth, beforeBrace] = [0, 0, 0]
  let isOperand = false
  for (const { kind, text, start } of tokens.filter(token => token.kind !== 'comment')) {
    if (opens(text)) {
      outer.push(chain)
      depth += chain + 1
      chain = 0
    } else if (closes(text)) {
      beforeBrace = outer.pop() ?? 0
      depth = Math.max(0, depth - beforeBrace - 1)
      chain = text === '}' ? 0 : beforeBrace + 1
    } else if (ends.has(text)) chain = 0
    else if (text === 'else') chain = beforeBrace + 1
    else if (operators.has(text)) chain++
    // Two operands side by side: the second one begins a statement.
    else if (kind !== 'mark' && isOperand) chain = 0
    if (depth + chain > DEEPEST) return start
    isOperand = kind === 'mark' ? closes(text) : !operators.has(text) && text !== 'else'
  }
  return undefined
}

const opens = (text: string): boolean => text === '(' || text === '[' || text === '{' || (text.endsWith('${') && text.startsWith('`'))
const closes = (text: string): boolean => text === ')' || text === ']' || text === '}' || (text.startsWith('}') && text.endsWith('`'))

const ends = new Set([';', ','])
const operators = new Set([...'!~+-*%&|^?:.=', '?.', '=>', 'typeof', 'await', 'new', 'void', 'delete', 'yield'])
