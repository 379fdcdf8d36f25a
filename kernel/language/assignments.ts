import type MagicString from 'magic-string'
import type { AssignmentExpression, Node } from 'oxc-parser'
import type { Visit } from './scopes.ts'
import { runtimeName } from './runtime.ts'

interface Constants {
  readonly edits: MagicString
  isOurConstant(name: string, visit: Visit): boolean
}

/** Lets every assignment to a constant of the notebook throw, at the moment and place where JavaScript would. */
export function editAssignment(node: Node, visit: Visit, { edits, isOurConstant }: Constants): void {
  for (const { name, start, end, shorthand } of targetsOf(node)) {
    if (!isOurConstant(name, visit)) continue
    const target = `${runtimeName}.constants.${name}`
    if (isLogical(node)) editLogical(node, target, edits)
    else edits.overwrite(start, end, shorthand ? `${name}: ${target}` : target)
  }
}

interface Target {
  readonly name: string
  readonly start: number
  readonly end: number
  readonly shorthand: boolean
}

/** The names that an assignment, an update or a loop's head writes to. */
function targetsOf(node: Node): Target[] {
  if (node.type === 'AssignmentExpression') return namesIn(node.left)
  if (node.type === 'UpdateExpression') return namesIn(node.argument)
  const isLoop = node.type === 'ForOfStatement' || node.type === 'ForInStatement'
  return isLoop && node.left.type !== 'VariableDeclaration' ? namesIn(node.left) : []
}

function namesIn(node: Node | null, shorthand = false): Target[] {
  switch (node?.type) {
    case 'Identifier': return [{ name: node.name, start: node.start, end: node.end, shorthand }]
    case 'ParenthesizedExpression': return namesIn(node.expression)
    case 'AssignmentPattern': return namesIn(node.left, shorthand)
    case 'RestElement': return namesIn(node.argument)
    case 'ArrayPattern': return node.elements.flatMap(element => namesIn(element))
    case 'ObjectPattern': return node.properties.flatMap(property =>
      property.type === 'Property' ? namesIn(property.value, property.shorthand) : namesIn(property))
    default: return []
  }
}

const isLogical = (node: Node): node is AssignmentExpression =>
  node.type === 'AssignmentExpression' && ['||=', '&&=', '??='].includes(node.operator)

/** `x ||= e` assigns only where it must: `(x || (constants.x = e))`. */
function editLogical(node: AssignmentExpression, target: string, edits: MagicString): void {
  const { start, end, left, right, operator } = node
  edits.appendLeft(start, '(')
  edits.overwrite(left.end, right.start, ` ${operator.slice(0, -1)} (${target} = `)
  edits.appendLeft(end, '))')
}
