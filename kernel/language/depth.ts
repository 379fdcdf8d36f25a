import { CellSyntaxError } from './syntax-error.ts'
import { type Token, tokenize } from './tokens.ts'

/** Levels that the parsers can follow, with room to spare: at twice as many, native ones break, and the process with them. */
const DEEPEST = 2000

/**
 * Throws CellSyntaxError for code that is nested so deeply that a parser would end the process: in brackets, types,
 * elements and statements, or in operators such as `!!!!x` and `a + b + c`. Code that is short can't be; of other code, most is passed by a glance.
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
  return (source.match(others)?.length ?? 0) > DEEPEST
}

const Mark = { open: 1, close: -1, operator: 2, end: 3 } as const
const marks = new Map([['([{', Mark.open], [')]}', Mark.close], ['!~+-*%&|^?:.=', Mark.operator], [';,', Mark.end]].flatMap(
  ([text, mark]) => [...String(text)].map(character => [character.charCodeAt(0), Number(mark)] as const)
))
const others = /\b(?:typeof|await|new|void|delete|yield|keyof|infer|readonly|unique|do|extends|else|if|for|while|with)\b|</g

/** Levels at one place, without those of the brackets around it. */
interface Levels {
  /** Operators since the last end of an expression. */
  chain: number
  /** Of `<…>` after a name, as types have them. */
  angles: number
  /** Of JSX, and old-style assertions. */
  elements: number
}

interface Bracket extends Levels {
  /** Whether a statement follows it, as after `if (…)`. */
  readonly isHeader: boolean
}

/** The first token of the level that is too deep. */
function tooDeepAt(all: readonly Token[]): number | undefined {
  const tokens = all.filter(({ kind }) => kind !== 'comment')
  const reader = new LevelReader()
  return tokens.find((token, index) => reader.levelsAt(token, tokens[index - 1], tokens[index + 1]) > DEEPEST)?.start
}

class LevelReader {
  readonly #outer: Bracket[] = []
  #depth = 0
  #here: Levels = { chain: 0, angles: 0, elements: 0 }
  /** The chain before the last bracket that was closed, which an `else` may follow. */
  #before = 0
  #isOperand = false

  levelsAt(token: Token, previous: Token | undefined, next: Token | undefined): number {
    const { text, kind } = token
    if (opens(text)) this.#open(headers.has(previous?.text ?? ''))
    else if (closes(text)) this.#close(text)
    else if (ends.has(text)) this.#end(text)
    else if (text === '<') this.#openAngle(next?.text)
    else if (text === '>') this.#here.angles = Math.max(0, this.#here.angles - 1)
    else if (text === '/' && next?.text === '>') this.#leaveElement()
    else if (kind === 'mark' || words.has(text)) this.#operate(text)
    else this.#operand()
    return this.#depth + sum(this.#here)
  }

  #open(isHeader: boolean): void {
    this.#outer.push({ ...this.#here, isHeader })
    this.#depth += sum(this.#here) + 1
    this.#here = { chain: 0, angles: 0, elements: 0 }
    this.#isOperand = false
  }

  #close(text: string): void {
    const { isHeader, ...outer } = this.#outer.pop() ?? { chain: 0, angles: 0, elements: 0, isHeader: false }
    this.#depth = Math.max(0, this.#depth - sum(outer) - 1)
    this.#before = outer.chain
    this.#here = { ...outer, chain: text === '}' ? 0 : outer.chain + 1 }
    this.#isOperand = !isHeader
  }

  #end(text: string): void {
    this.#here = { ...this.#here, chain: 0, angles: text === ';' ? 0 : this.#here.angles }
    this.#isOperand = false
  }

  #openAngle(next: string | undefined): void {
    if (next === '/') this.#leaveElement()
    else if (this.#isOperand && this.#here.elements === 0) this.#here.angles++
    else this.#here.elements++
    this.#isOperand = false
  }

  #leaveElement(): void {
    this.#here.elements = Math.max(0, this.#here.elements - 1)
    this.#isOperand = false
  }

  /** A word such as `typeof` after an operand begins a statement. */
  #operate(text: string): void {
    if (text === 'else') this.#here.chain = this.#before + 1
    else if (this.#isOperand && prefixes.has(text)) this.#here.chain = 1
    else if (counted.has(text)) this.#here.chain++
    this.#isOperand = false
  }

  /** Two operands side by side: the second one begins a statement. */
  #operand(): void {
    if (this.#isOperand) this.#here.chain = 0
    this.#isOperand = true
  }
}

const sum = ({ chain, angles, elements }: Levels): number => chain + angles + elements

const opens = (text: string): boolean => text === '(' || text === '[' || text === '{' || (text.endsWith('${') && text.startsWith('`'))
const closes = (text: string): boolean => text === ')' || text === ']' || text === '}' || (text.startsWith('}') && text.endsWith('`'))

const ends = new Set([';', ','])
const headers = new Set(['if', 'for', 'while', 'with'])
const prefixes = new Set(['typeof', 'await', 'new', 'void', 'delete', 'yield', 'keyof', 'infer', 'readonly', 'unique', 'do'])
const words = new Set([...prefixes, 'extends', 'else'])
const counted = new Set([...'!~+-*%&|^?:.=', '?.', '=>', ...words])
