import type MagicString from 'magic-string'
import type { Node, VariableDeclaration } from 'oxc-parser'

/** Leaves of a `var` what it assigns; its names are declared at the start of the cell. */
export function editVar(declaration: VariableDeclaration, parent: Node | null, edits: MagicString): void {
  const [first] = declaration.declarations
  const isLoop = parent?.type === 'ForOfStatement' || parent?.type === 'ForInStatement'
  const isLoopTarget = isLoop && parent.left === declaration
  if (isLoopTarget && first) edits.remove(declaration.start, first.start)
  else editInitialisers(declaration, parent?.type === 'ForStatement' && parent.init === declaration ? '' : ';', edits)
}

/** `var a = 1, b, {c} = d` becomes `a = 1, ({c} = d)`. */
function editInitialisers({ start, end, declarations }: VariableDeclaration, close: '' | ';', edits: MagicString): void {
  let from = start
  for (const { id, init, start: own, end: ownEnd } of declarations) {
    if (!init) continue
    edits.overwrite(from, own, from === start ? '' : ', ')
    if (id.type === 'ObjectPattern') {
      edits.prependRight(own, '(')
      edits.appendLeft(ownEnd, ')')
    }
    from = ownEnd
  }
  if (from < end) edits.overwrite(from, end, close)
}
