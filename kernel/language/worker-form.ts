import { editModuleSyntax, hoist } from './modules.ts'
import type { Draft } from './draft.ts'
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
  hoist(draft, () => false)
  edits.prepend(`async () => { 'use strict'; `)
  edits.append(value && !value.isLast ? '\nreturn __paracell_value__ }' : '\n}')
}
