import type MagicString from 'magic-string'
import type { Function, Node } from 'oxc-parser'
import { boundNames } from './patterns.ts'

/** The name of a namespace, from the call that fills it: `(function (_N) { … })(N || (N = {}))`. */
export function namespaceOf(statement: Node): string | undefined {
  return filling(statement)?.name
}

/**
 * Lets `N.x` follow a variable that a namespace exports with `let` or `var`. The transformer only copies what it is at
 * first, and says so: `exported` are the names it said it about.
 */
export function editNamespace(statement: Node, exported: ReadonlySet<string>, edits: MagicString): void {
  const namespace = exported.size > 0 ? filling(statement)?.body : undefined
  const [parameter] = namespace?.params ?? []
  if (parameter?.type !== 'Identifier') return
  for (const declaration of namespace?.body?.body ?? []) {
    if (declaration.type !== 'VariableDeclaration' || declaration.kind === 'const') continue
    const names = declaration.declarations.flatMap(({ id }) => boundNames(id)).filter(name => exported.has(name))
    edits.appendLeft(declaration.end, names.map(name => accessor(parameter.name, name)).join(''))
  }
}

const accessor = (object: string, name: string): string =>
  ` Object.defineProperty(${object}, '${name}', { enumerable: true, configurable: true, `
  + `get() { return ${name} }, set() { ${name} = arguments[0] } });`

function filling(statement: Node): { name: string; body: Function } | undefined {
  if (statement.type !== 'ExpressionStatement' || statement.expression.type !== 'CallExpression') return undefined
  const { callee, arguments: [argument] } = statement.expression
  const body = callee.type === 'ParenthesizedExpression' ? callee.expression : callee
  if (body.type !== 'FunctionExpression' || argument?.type !== 'LogicalExpression') return undefined
  return argument.left.type === 'Identifier' ? { name: argument.left.name, body } : undefined
}
