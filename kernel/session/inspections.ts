import { inspect } from 'node:util'
import type { Chain } from '../language/chain.ts'
import { explained, explainedCall, type Explanation } from '../language/explanation.ts'
import { inspectionTarget, isOnlyMention } from '../language/inspection.ts'
import type { JsDoc } from '../language/jsdoc.ts'
import { withoutPrivateAccess } from '../language/private-members.ts'
import { tokenize } from '../language/tokens.ts'
import { type Written, type WrittenCall, writtenDeclaration } from '../language/written.ts'
import type { Sources } from './answers.ts'
import type { LiveInspection, Question } from './protocol.ts'

type InspectQuestion = Extract<Question, { type: 'inspect' }>

/** What the session knows of a name: its value, and what the cell says that declares it. */
export function inspectAt(question: InspectQuestion, { evaluator, notebook }: Sources): LiveInspection {
  const target = inspectionTarget(question.code, question.offset)
  if (!target) return nothing
  const found = evaluator.peek(target.expression)
  const cell = notebook.cellDeclaring(target.expression)
  const written = cell === undefined ? undefined : writtenDeclaration(cell, target.expression)
  if (written) return { ...explain(written, found, target, question), types: written.isWhole && isOnlyMention(question.code, target) ? 'all' : 'some' }
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
  const documentation = [doc.summary, doc.tags].filter(text => text !== '').join('\n\n')
  return { found: true, data: explained({ signature, documentation, ...(detail === 1 && { source }) }, value), metadata: {}, value }
}

function explainCall({ label, parameters }: WrittenCall, { summary, parameters: said }: JsDoc, index: number): Explanation {
  // All further arguments go to the rest.
  const argument = parameters[index] ?? parameters.findLast(parameter => parameter.startsWith('...'))
  const [name = ''] = /[\p{ID_Start}$_][\p{ID_Continue}$]*/u.exec(argument ?? '') ?? []
  return explainedCall(label, argument, said.get(name) ?? '', summary)
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
