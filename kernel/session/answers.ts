import { completeness } from '../language/completeness.ts'
import { completionContext, keywords, memberMatches } from '../language/completion.ts'
import { bodyOf } from '../magics/magics.ts'
import { completeMagic, inspectMagic, magicCompleteness } from '../magics/questions.ts'
import type { Evaluator } from './evaluate.ts'
import type { Notebook } from './notebook.ts'
import type { AnswerOf, Completion, Question } from './protocol.ts'

export interface Sources {
  readonly evaluator: Evaluator
  readonly notebook: Notebook
}

type Answers = { readonly [T in Question['type']]: (question: Extract<Question, { type: T }>, sources: Sources) => AnswerOf[T] | Promise<AnswerOf[T]> }

const answers: Answers = {
  complete: async (question, sources) => (await completeMagic(question.code, question.offset)) ?? complete(question, sources),
  inspect: async (question, sources) => (await inspectMagic(question.code, question.offset)) ?? (await import('./inspections.ts')).inspectAt(question, sources),
  isComplete: ({ code }) => magicCompleteness(code) ?? completeness(bodyOf(code)),
  known: ({ names }, { evaluator, notebook }) => names.filter(name => notebook.declaration(name) || evaluator.peek(name))
}

/** Answers what a front end asks about the code at hand, from the values as they are. */
export async function answerQuestion(question: Question, sources: Sources): Promise<AnswerOf[Question['type']]> {
  return (answers[question.type] as (question: Question, sources: Sources) => AnswerOf[Question['type']])(question, sources)
}

interface Match {
  readonly name: string
  readonly type: string
}

function complete({ code, offset }: Extract<Question, { type: 'complete' }>, { evaluator, notebook }: Sources): Completion {
  const context = completionContext(code, offset)
  if (context.kind === 'none') return { matches: [], start: offset, end: offset, metadata: {} }
  const { prefix, start, end } = context
  const found = context.kind === 'member' ? membersOf(context.object, prefix, evaluator) : namesOf(prefix, evaluator, notebook)
  const types = found.map(({ name, type }) => ({ text: name, type, start, end }))
  return { matches: found.map(({ name }) => name), start, end, metadata: { _jupyter_types_experimental: types } }
}

function membersOf(object: string, prefix: string, evaluator: Evaluator): readonly Match[] {
  return memberMatches(evaluator.peek(object)?.value, prefix)
}

/** The notebook's own names first, then JavaScript's, then keywords. */
function namesOf(prefix: string, evaluator: Evaluator, notebook: Notebook): readonly Match[] {
  const own = notebook.names().map(name => ({ name, type: typeOf(evaluator.peek(name)?.value) }))
  const words = keywords.map(name => ({ name, type: 'keyword' }))
  const seen = new Set<string>()
  return [...own, ...memberMatches(globalThis, prefix), ...words].filter(({ name }) => {
    const fresh = name.startsWith(prefix) && name !== '__paracell__' && !seen.has(name)
    seen.add(name)
    return fresh
  })
}

function typeOf(value: unknown): string {
  if (typeof value !== 'function') return 'instance'
  return /^class\b/.test(Function.prototype.toString.call(value)) ? 'class' : 'function'
}
