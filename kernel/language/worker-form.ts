import type { Directive, Statement } from 'oxc-parser'
import { withoutExport } from './declarations.ts'
import { editModuleSyntax, hoist, isImport } from './modules.ts'
import type { Draft } from './draft.ts'
import { statementNote } from './runtime.ts'
import { valueOf } from './value.ts'

/** An async function: its declarations stay as they are, what it doesn't declare is found among the worker's globals. */
export function editWorker(draft: Draft): void {
  const { edits } = draft
  editModuleSyntax(draft, 'const')
  const value = valueOf(draft)
  if (value) {
    edits.prependRight(value.start, value.isLast ? 'return (' : 'const __paracell_value__ = (')
    edits.appendLeft(value.end, value.needsEnd ? ');' : ')')
  }
  noteStatements(draft)
  hoist(draft, () => false)
  edits.prepend(`async () => { 'use strict'; `)
  edits.append(value && !value.isLast ? '\nreturn __paracell_value__ }' : '\n}')
}

/** Who interrupts the worker wants to know which of them had begun last. */
function noteStatements({ program, edits }: Draft): void {
  for (const [index, { start }] of program.body.filter(takesTime).entries()) edits.appendLeft(start, statementNote(index + 1))
}

function takesTime(statement: Statement | Directive): boolean {
  const bare = withoutExport(statement)
  return bare !== null && bare.type !== 'EmptyStatement' && bare.type !== 'FunctionDeclaration' && !isImport(statement)
}
