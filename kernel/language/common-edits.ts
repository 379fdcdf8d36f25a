import type MagicString from 'magic-string'
import type { Node } from 'oxc-parser'
import { editAssignment } from './assignments.ts'
import { editPrivateMembers } from './private-members.ts'
import { runtimeName } from './runtime.ts'
import { isReference, type Visit } from './scopes.ts'

export interface Edited {
  readonly edits: MagicString
  /** Whether the name means, at this place, a constant of the notebook that V8 holds as a variable. */
  isOurConstant(name: string, visit: Visit): boolean
  /** Collects the top-level names that stand for values. */
  readonly usedNames: Set<string>
}

/** What both forms of a cell need at any depth: no module syntax, no assignment to a constant. */
export function editCommon(node: Node, visit: Visit, edited: Edited): void {
  const { edits, usedNames } = edited
  if (node.type === 'ImportExpression') {
    edits.overwrite(node.start, node.source.start, `${runtimeName}.import(`)
    if (node.options) edits.overwrite(node.source.end, node.options.start, ', undefined, ')
  } else if (node.type === 'MetaProperty' && node.meta.name === 'import') {
    edits.overwrite(node.start, node.end, `${runtimeName}.meta`)
  } else if (node.type === 'Identifier' && isReference(node, visit.parent) && visit.parent?.type !== 'ExportSpecifier') {
    if (visit.resolve(node.name) === 'top-level') usedNames.add(node.name)
  } else if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
    editPrivateMembers(node, edits)
  } else {
    editAssignment(node, visit, edited)
  }
}
