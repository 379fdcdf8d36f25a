import { parseSync, type OxcError, type ParseResult, type Program } from 'oxc-parser'
import type { Completeness } from '../session/protocol.ts'
import { isTooDeep } from './depth.ts'
import { tokenize, type Token } from './tokens.ts'
import { startsWithBrace } from './typescript.ts'

/**
 * Whether a cell could run as it is, needs more lines, or can't become right whatever follows; with the indentation for
 * the next line.
 *
 * @example
 * completeness('if (x) {') // { status: 'incomplete', indent: '  ' }
 */
export function completeness(source: string): Completeness {
  if (isTooDeep(source)) return { status: 'invalid' }
  const verdicts = readings(source)
  if (verdicts.includes('complete')) return { status: 'complete' }
  if (!verdicts.includes('incomplete')) return { status: 'invalid' }
  return { status: 'incomplete', indent: indentAfter(source) }
}

type Verdict = 'complete' | 'incomplete' | 'invalid'

/** TypeScript, TSX, and an object literal alone in a cell, which as a program would be a block. */
function readings(source: string): Verdict[] {
  const languages: readonly Lang[] = source.includes('<') ? ['ts', 'tsx'] : ['ts']
  const asProgram = languages.map(lang => verdict(source, lang))
  if (asProgram.includes('complete') || !startsWithBrace.test(source)) return asProgram
  const closed = verdict(`(${source}\n)`, 'ts')
  return [...asProgram, closed === 'complete' ? closed : verdict(`(${source}`, 'ts')]
}

/** An error that more text can mend makes it incomplete: one at its end, or one that goes when the text goes on. */
function verdict(source: string, lang: Lang): Verdict {
  const last = tokenize(source).findLast(({ kind }) => kind !== 'comment')
  const end = last?.end ?? 0
  // Without its body the parser doesn't see an arrow function, and complains about its parameters.
  const text = last?.text === '=>' ? `${source.slice(0, end)} {` : source
  const { errors: [error], program } = parse(text, lang)
  if (!error) return wantsBody(program) ? 'incomplete' : 'complete'
  const start = error.labels[0]?.start ?? 0
  if (start >= end) return 'incomplete'
  if (/^Unterminated (?:string|multiline comment)/.test(error.message)) return mayContinue(source, start) ? 'incomplete' : 'invalid'
  if (neverMended.test(error.message)) return 'invalid'
  return isMendable(source.slice(0, end), lang, error) ? 'incomplete' : 'invalid'
}

const neverMended = /^(?:Unterminated regular expression|A 'return' statement|A unary expression)/

type Lang = 'ts' | 'tsx'

const parse = (source: string, lang: Lang, showSemanticErrors = true): ParseResult =>
  parseSync('cell.ts', source, { lang, sourceType: 'module', showSemanticErrors })

/** A function without its body, which would be an overload if another one followed. */
function wantsBody({ body }: Program): boolean {
  const last = body.at(-1)
  const declared = last?.type === 'ExportNamedDeclaration' || last?.type === 'ExportDefaultDeclaration' ? last.declaration : last
  return declared?.type === 'TSDeclareFunction' && !declared.declare
}

/** An error of grammar may also give way to another one behind the end; any other has to go. */
function isMendable(text: string, lang: Lang, { message }: OxcError): boolean {
  const mayMove = message.startsWith('The keyword') || parse(text, lang, false).errors.length > 0
  const isMended = (more: string): boolean => {
    const { errors } = parse(text + more, lang)
    return errors.length === 0 || (mayMove && errors.every(error => isBehind(error, text)))
  }
  return continuations.some(isMended) || (text.length < LONG && endings(text).some(isMended))
}

/** In code of so many characters, brackets aren't tried one by one. */
const LONG = 50_000
/** So many brackets are closed at most: what is wrong in the outer ones shows behind the end. */
const MOST_CLOSED = 4
/** What a type may lack before a bracket is closed, and what may have to follow one. */
const fillers = ['', ' x', ': x', '[]', ' => x', ' () => x', '[] = x', ' x }', ' x]: x }', ') => x']
const followers: Readonly<Record<string, readonly string[]>> = { '': ['', ' => {}'], '>': ['()', '() => {}', ' = x', ' => {}'], ')': [' => {}', ' => x'], ']': ['', ' = x', ' => {}'], '}': [''] }

/** The text's own brackets closed, the innermost ones first. */
function endings(text: string): string[] {
  const closers = closersOf(text).slice(0, MOST_CLOSED)
  const closed = ['', ...closers.map((_, index) => closers.slice(0, index + 1).join(''))]
  return closed.flatMap(end => fillers.flatMap(filler => (followers[end.at(-1) ?? ''] ?? []).map(after => filler + end + after)))
}

/** What closes the brackets that are open at the end, those of type arguments too. */
function closersOf(text: string): string[] {
  const open: string[] = []
  const tokens = tokenize(text).filter(({ kind }) => kind !== 'comment')
  for (const [index, { text: mark, kind, start }] of tokens.entries()) {
    if (kind !== 'mark') continue
    const previous = tokens[index - 1]
    const closer = mark === '<' && previous?.kind === 'name' && previous.end !== start ? undefined : pairs[mark]
    if (closer !== undefined) open.push(closer)
    else if (Object.values(pairs).includes(mark) && open.includes(mark)) open.length = open.lastIndexOf(mark)
  }
  return open.toReversed()
}

const pairs: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' }

/** What follows a number at once says nothing about what comes before it. */
const isBehind = ({ message, labels }: OxcError, text: string): boolean =>
  (labels[0]?.start ?? 0) >= text.length && !message.startsWith('Invalid characters after number')

/**
 * A body, a name, a member, a type, the end of type arguments, a value, what is decorated or declared, the end of an element,
 * of parameters, of a type of arrays.
 */
const continuations = [' {}', ' x', '.x', ': x', '>()', ' x>()', ' x>>()', ' = x', ' class {}', " 'x' {}", '</', ' x) => {}', ' => {}', '[]', '[]>()', ' => {}>()', ' }>()', ': x }>()', ' meta', ' readonly [K in x]: x }']

/** Templates and comments go on over lines, other strings only behind a backslash. */
const mayContinue = (source: string, start: number): boolean =>
  /[`/}]/.test(source[start] ?? '') || /\\\n?$/.test(source)

/** As deep as the last line, and 2 spaces deeper where it opens a bracket or wants a statement. */
function indentAfter(source: string): string {
  const tokens = tokenize(source)
  if (tokens.at(-1)?.open && tokens.at(-1)?.kind === 'text') return ''
  const lines = source.trimEnd().split('\n')
  const lastLine = lines.at(-1) ?? ''
  const own = /^\s*/.exec(lastLine)?.[0] ?? ''
  const from = source.trimEnd().length - lastLine.length
  const onLine = tokens.filter(({ start, kind }) => start >= from && kind !== 'comment')
  return opensBracket(onLine) || wantsStatement(onLine) ? `${own}  ` : own
}

function opensBracket(tokens: readonly Token[]): boolean {
  let depth = 0
  for (const { kind, text } of tokens) {
    if (kind !== 'mark') continue
    if (/^[([{]$/.test(text)) depth++
    else if (/^[)\]}]$/.test(text)) depth = Math.max(0, depth - 1)
  }
  return depth > 0
}

/** `if (x)`, `else`, `x =>` */
function wantsStatement(tokens: readonly Token[]): boolean {
  const last = tokens.at(-1)?.text ?? ''
  const first = tokens.find(({ kind }) => kind === 'name')?.text ?? ''
  return ['else', 'do', '=>', '='].includes(last) || (last === ')' && ['if', 'for', 'while', 'else'].includes(first))
}
