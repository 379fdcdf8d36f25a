import { inspect } from 'node:util'
import type { Chain } from '../language/chain.ts'
import { explained, explainedCall, type Explanation } from '../language/explanation.ts'
import { inspectionTarget, isOnlyMention } from '../language/inspection.ts'
import type { JsDoc } from '../language/jsdoc.ts'
import { withoutPrivateAccess } from '../language/private-members.ts'
import { tokenize } from '../language/tokens.ts'
import type { WrittenCall } from '../language/signature.ts'
import { type Written, writtenDeclaration } from '../language/written.ts'
import type { Sources } from './answers.ts'
import type { LiveInspection, Question } from './protocol.ts'
import { typingAt, type Undeclared } from './undeclared.ts'

type InspectQuestion = Extract<Question, { type: 'inspect' }>

/** What the session knows of a name: its value, and what the cell or the file says that declares it. */
export async function inspectAt(question: InspectQuestion, sources: Sources): Promise<LiveInspection> {
  const { evaluator, notebook } = sources
  const target = inspectionTarget(question.code, question.offset)
  if (!target) return nothing
  const found = evaluator.peek(target.expression)
  const cell = notebook.cellDeclaring(target.expression)
  const written = cell === undefined ? undefined : writtenDeclaration(cell, target.expression)
  if (written) return { ...explain(written, found, target, question), types: written.isWhole && isOnlyMention(question.code, target) ? 'all' : 'some' }
  const typed = question.isAlone ? await typingAt(target, question, sources) : undefined
  if (typed) return { ...explainTyping(typed, found, target, question), types: typed.isSure ? 'all' : 'some' }
  return found ? { found: true, data: { 'text/plain': describe(target.expression, found.value, question.detail) }, metadata: {}, value: valueText(found, question.detail) } : nothing
}

const nothing: LiveInspection = { found: false, data: {}, metadata: {} }

interface Found {
  readonly value: unknown
}

function explain(written: Written, found: Found | undefined, { expression, end }: Chain, { code, offset, detail }: InspectQuestion): LiveInspection {
  const { doc, call, source } = written
  if (offset > end && call) return { found: true, data: explained(explainCall(call, doc, argumentAt(code.slice(end, offset))), ''), metadata: {} }
  const value = found ? valueText(found, detail) : ''
  const signature = written.signature ?? `${expression}: ${kindOf(found?.value)}`
  return { found: true, data: explained({ signature, documentation: documentationOf(doc), ...(detail === 1 && { source }) }, value), metadata: {}, value }
}

function explainTyping({ signature, doc, calls, source }: Undeclared, found: Found | undefined, { end }: Chain, { code, offset, detail }: InspectQuestion): LiveInspection {
  if (offset > end) return { found: true, data: explained(explainOverload(calls, argumentAt(code.slice(end, offset))), ''), metadata: {} }
  const value = found ? valueText(found, detail) : ''
  return { found: true, data: explained({ signature, documentation: documentationOf(doc), ...(detail === 1 && { source }) }, value), metadata: {}, value }
}

/** The first that takes so many arguments. */
function explainOverload(calls: Undeclared['calls'], index: number): Explanation {
  const call = calls.find(({ parameters }) => parameters.length > index || parameters.at(-1)?.startsWith('...')) ?? calls[0]
  if (!call) return { signature: '', documentation: '' }
  const others = calls.length - 1
  return explainCall(call, call.doc, index, others > 0 ? `${others} more signature${others > 1 ? 's' : ''}` : '')
}

const documentationOf = ({ summary, tags }: JsDoc): string => [summary, tags].filter(text => text !== '').join('\n\n')

function explainCall({ label, parameters }: WrittenCall, { summary, parameters: said }: JsDoc, index: number, more = ''): Explanation {
  // All further arguments go to the rest.
  const argument = parameters[index] ?? parameters.findLast(parameter => parameter.startsWith('...'))
  const [name = ''] = /[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(argument ?? '') ?? []
  return explainedCall(label, argument, said.get(name) ?? '', summary, more)
}

/** How many arguments are complete in what follows a function's name. */
function argumentAt(text: string): number {
  let [depth, commas] = [0, 0]
  for (const { text: mark, kind } of tokenize(text)) {
    if (kind === 'mark' && /^[([{]$/.test(mark)) depth++
    else if (kind === 'mark' && /^[)\]}]$/.test(mark)) depth--
    else if (mark === ',' && depth === 1) commas++
  }
  return commas
}

/** What it is; at detail 1 with the source of functions and classes. */
function describe(expression: string, value: unknown, detail: 0 | 1): string {
  if (typeof value !== 'function') return `${expression}: ${kindOf(value)}\n\n${valueText({ value }, detail)}`
  const source = withoutPrivateAccess(Function.prototype.toString.call(value))
  const signature = source.slice(0, source.search(/\)\s*(=>|\{)|=>|\{/) + 1).replace(/\s+/g, ' ') || source
  return `${expression}: ${/^class\b/.test(source) ? 'class' : 'function'}\n\n${detail === 1 ? source : signature}`
}

/** Of a function, its type says more. */
function valueText({ value }: Found, detail: 0 | 1): string {
  return typeof value === 'function' ? '' : inspect(value, { depth: detail + 1, maxArrayLength: 20, maxStringLength: 500 })
}

function kindOf(value: unknown): string {
  if (value === null || typeof value !== 'object') return value === null ? 'null' : typeof value
  return Object.getPrototypeOf(value)?.constructor?.name ?? 'object'
}
