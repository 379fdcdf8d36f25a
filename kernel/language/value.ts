import type { Directive, Node, Statement } from 'oxc-parser'
import { isHelper } from './declarations.ts'
import { isImport } from './modules.ts'
import { namespaceOf } from './namespaces.ts'
import type { Draft } from './draft.ts'

export interface CellValue {
  readonly start: number
  readonly end: number
  /** Whether nothing of the cell runs after it. */
  readonly isLast: boolean
  /** Whether the statement came without a semicolon, which an expression in its place needs. */
  readonly needsEnd: boolean
}

/** The expression whose value the cell shows: `export default`, else the last statement where it is an expression. */
export function valueOf(draft: Draft): CellValue | undefined {
  const statements = draft.program.body.filter(isRun)
  const last = statements.at(-1)
  for (const statement of statements) {
    if (statement.type !== 'ExportDefaultDeclaration' || isNamed(statement.declaration)) continue
    const { start, end, type } = statement.declaration
    const needsEnd = type === 'FunctionDeclaration' || type === 'ClassDeclaration'
    return { start, end, isLast: statement === last, needsEnd }
  }
  if (last?.type !== 'ExpressionStatement' || isAdded(last, draft)) return undefined
  return { start: last.expression.start, end: last.expression.end, isLast: true, needsEnd: false }
}

const isRun = (statement: Statement | Directive): boolean =>
  statement.type !== 'EmptyStatement' && !isImport(statement) && !isExportList(statement)

const isExportList = (statement: Statement | Directive): boolean =>
  statement.type === 'ExportNamedDeclaration' && statement.declaration === null

const isNamed = (declaration: Node): boolean =>
  (declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration') && declaration.id !== null

/** Statements that stand for a part of a declaration: the filling of a namespace, a decorator's call. */
function isAdded(statement: Statement | Directive, { program, declared }: Draft): boolean {
  const namespace = namespaceOf(statement)
  if (namespace !== undefined) return declared.has(namespace)
  if (statement.type !== 'ExpressionStatement') return false
  const { expression } = statement
  const call = expression.type === 'AssignmentExpression' ? expression.right : expression
  if (call.type !== 'CallExpression' || call.callee.type !== 'Identifier') return false
  const { name } = call.callee
  return program.body.some(other => other.type === 'ImportDeclaration' && isHelper(other.source.value)
    && other.specifiers.some(({ local }) => local.name === name))
}
