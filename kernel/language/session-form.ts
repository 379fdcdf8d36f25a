import type { Class, Directive, Expression, Function, Statement, VariableDeclaration } from 'oxc-parser'
import { withoutExport } from './declarations.ts'
import type { Draft } from './draft.ts'
import { editModuleSyntax, hoist } from './modules.ts'
import { boundNames } from './patterns.ts'
import { awaitNote, runtimeName } from './runtime.ts'
import { valueOf } from './value.ts'
import { editVar } from './variables.ts'

/**
 * For V8's REPL mode, where a later script may declare a name anew only in the same way: so all declarations become
 * `let`, and what JavaScript hoists comes first.
 */
export function editSession(draft: Draft): void {
  const { edits, program, vars } = draft
  editModuleSyntax(draft, 'let')
  for (const statement of program.body) editDeclaration(withoutExport(statement), draft)
  for (const [declaration, parent] of vars) editVar(declaration, parent, edits)
  editAwaits(draft)
  const value = valueOf(draft)
  if (value) {
    edits.prependRight(value.start, `${runtimeName}.result((`)
    edits.appendLeft(value.end, value.needsEnd ? '));' : '))')
  }
  hoist(draft, isFunction)
  const names = new Set([...vars.keys()].flatMap(({ declarations }) => declarations.flatMap(({ id }) => boundNames(id))))
  edits.prepend(`'use strict'; ${names.size > 0 ? `let ${[...names].join(', ')}; ` : ''}`)
}

/** Notes which of them has begun last: whoever interrupts a cell that waits wants to know where. */
function editAwaits({ awaits, edits }: Draft): void {
  for (const [index, each] of awaits.entries()) {
    const { start, end } = each.type === 'AwaitExpression' ? each.argument : each.right
    edits.appendLeft(start, `(${awaitNote(index + 1)}`)
    edits.appendLeft(end, ')')
  }
}

type Bare = Statement | Directive | Expression | null

const isFunction = (statement: Statement | Directive): boolean => {
  const bare = withoutExport(statement)
  return bare?.type === 'FunctionDeclaration' && bare.id !== null
}

function editDeclaration(bare: Bare, draft: Draft): void {
  if (bare?.type === 'FunctionDeclaration') editFunction(bare, draft)
  else if (bare?.type === 'ClassDeclaration') editClass(bare, draft)
  else if (bare?.type === 'VariableDeclaration') editLexical(bare, draft)
}

/** Without its name, which V8 infers again: inside of the function the name has to mean the notebook's variable. */
function editFunction({ id, start, end }: Function, { edits }: Draft): void {
  if (!id) return
  edits.prependRight(start, `let ${id.name} = `)
  edits.remove(id.start, id.end)
  edits.appendLeft(end, ';')
}

function editClass({ id, start, end }: Class, { edits }: Draft): void {
  if (!id) return
  edits.prependRight(start, `let ${id.name} = `)
  edits.appendLeft(end, ';')
}

/** The session disposes of what `using` registers when the cell ends, and lets later cells declare the name anew. */
function editLexical({ kind, start, declarations }: VariableDeclaration, { edits }: Draft): void {
  if (kind === 'let' || kind === 'var') return
  edits.overwrite(start, start + kind.length, 'let')
  if (kind === 'const') return
  for (const { init } of declarations) {
    if (!init) continue
    edits.prependRight(init.start, `${runtimeName}.${kind === 'using' ? 'use' : 'useAsync'}(`)
    edits.appendLeft(init.end, ')')
  }
}
