import { types } from 'node:util'
import { chainEndingAt } from './chain.ts'
import { tokenize, type Token } from './tokens.ts'

/** What is before the cursor. `start` and `end` are the range that a completion replaces, in UTF-16 code units. */
export type CompletionContext =
  /** `object` is an expression without side effects whose members are wanted. */
  | ({ readonly kind: 'member'; readonly object: string } & Place)
  | ({ readonly kind: 'name' } & Place)
  | { readonly kind: 'none' }

interface Place {
  readonly prefix: string
  readonly start: number
  readonly end: number
}

/**
 * What could be completed at `offset` of unfinished code. `none` in comments and strings, where a new name is being
 * declared, and behind what can't be evaluated without side effects, such as a call.
 *
 * @example
 * completionContext('process.ver', 11) // { kind: 'member', object: 'process', prefix: 'ver', start: 8, end: 11 }
 */
export function completionContext(code: string, offset: number): CompletionContext {
  const tokens = tokenize(code.slice(0, offset))
  const last = tokens.at(-1)
  const touches = last?.end === offset
  if (last?.open || (touches && last.kind === 'number')) return none
  if (!touches || last.kind !== 'name') return contextAfter(tokens, { prefix: '', start: offset, end: offset })
  return contextAfter(tokens.slice(0, -1), { prefix: last.text, start: last.start, end: offset })
}

function contextAfter(before: readonly Token[], place: Place): CompletionContext {
  const mark = before.at(-1)?.text ?? ''
  if (mark !== '.' && mark !== '?.') return declares.has(mark) ? none : { kind: 'name', ...place }
  const object = chainEndingAt(before, before.length - 2)
  // In a class or a function, `this` is not what it is outside of them.
  if (object && /^this(?![\p{ID_Continue}$])/u.test(object.expression) && isInBraces(before)) return none
  return object ? { kind: 'member', object: object.expression, ...place } : none
}

const isInBraces = (before: readonly Token[]): boolean =>
  before.reduce((depth, { text, kind }) => depth + (kind === 'mark' ? Number(text === '{') - Number(text === '}') : 0), 0) > 0

const none: CompletionContext = { kind: 'none' }

const declares = new Set(['const', 'let', 'var', 'function', 'class', 'enum', 'namespace', 'interface', 'type'])

/**
 * Whether members are wanted of an object that the code speaks of nowhere else, so that it is what it was before the code runs.
 *
 * @example
 * isMemberFromElsewhere('const text = ""\nprocess.', 24) // true; of `text.` it would be false
 */
export function isMemberFromElsewhere(code: string, offset: number): boolean {
  const context = completionContext(code, offset)
  if (context.kind !== 'member') return false
  const names = namesIn(context.object)
  const isMeant = (name: string): boolean => names.includes(name)
  return !isMeant('this') && namesIn(code).filter(isMeant).length === names.length
}

const namesIn = (code: string): string[] => tokenize(code).flatMap(({ kind, text }) => (kind === 'name' ? [text] : []))

export interface MemberMatch {
  readonly name: string
  /** As Jupyter's front ends show it. */
  readonly type: 'function' | 'class' | 'property'
}

/**
 * Members whose names begin with `prefix` and can follow a dot: the value's own ones first, then its prototypes', those
 * of every object last. Runs no getter and no proxy's trap.
 */
export function memberMatches(value: unknown, prefix: string): MemberMatch[] {
  if (value === null || value === undefined) return []
  const found = new Map<string, MemberMatch>()
  for (let level: unknown = Object(value); level && !types.isProxy(level); level = Object.getPrototypeOf(level)) {
    for (const name of namesOf(level).toSorted()) {
      if (!name.startsWith(prefix) || !isName.test(name) || found.has(name) || (isLegacy.test(name) && !prefix.startsWith('__'))) continue
      found.set(name, { name, type: typeOf(Object.getOwnPropertyDescriptor(level, name)) })
    }
  }
  return [...found.values()]
}

/** What every object has of JavaScript's past, nobody looks for. */
const isLegacy = /^__\w+__$/
const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u

/** The millions of indices of a large array are no names, and listing them takes long. */
function namesOf(object: object): string[] {
  const hasIndices = Array.isArray(object) || ArrayBuffer.isView(object) || types.isStringObject(object)
  const isLarge = hasIndices && Reflect.get(object, 'length') > 1000
  return isLarge ? ['length'] : Object.getOwnPropertyNames(object)
}

function typeOf(descriptor: PropertyDescriptor | undefined): MemberMatch['type'] {
  const value: unknown = descriptor?.value
  if (typeof value !== 'function') return 'property'
  return /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function'
}

/** Words of TypeScript that can begin or continue a statement. */
export const keywords: readonly string[] = [
  'abstract', 'as', 'async', 'await', 'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'declare',
  'default', 'delete', 'do', 'else', 'enum', 'export', 'extends', 'false', 'finally', 'for', 'from', 'function', 'if',
  'implements', 'import', 'in', 'instanceof', 'interface', 'keyof', 'let', 'namespace', 'new', 'null', 'of', 'private',
  'protected', 'public', 'readonly', 'return', 'satisfies', 'static', 'super', 'switch', 'this', 'throw', 'true', 'try',
  'type', 'typeof', 'undefined', 'using', 'var', 'void', 'while', 'yield',
]
