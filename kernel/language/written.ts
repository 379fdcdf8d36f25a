import { parseSync, type Comment, type Node, type VariableDeclaration } from 'oxc-parser'
import { withoutExport } from './declarations.ts'
import { type JsDoc, readJsDoc } from './jsdoc.ts'
import { callOf, headOf, oneLine, type ReadFunction, readFunction, textOf, typeOfLiteral, type WrittenCall } from './signature.ts'

/** What a cell's source says of a name that it declares. */
export interface Written {
  /** As TypeScript would show it; undefined for a variable of which the source doesn't tell the type. */
  readonly signature: string | undefined
  readonly doc: JsDoc
  /** The declaration. */
  readonly source: string
  /** Whether the source says all of the type that TypeScript could. */
  readonly isWhole: boolean
  /** How it is called. */
  readonly call?: WrittenCall
}

/**
 * What a cell says of a name of its top level. Undefined where it doesn't declare it by itself: what is imported or taken
 * out of an object, the cell can't explain.
 *
 * @example
 * writtenDeclaration('function twice(n: number): number { return 2 * n }', 'twice')?.signature // 'function twice(n: number): number'
 */
export function writtenDeclaration(source: string, name: string): Written | undefined {
  for (const lang of ['ts', 'tsx'] as const) {
    const { program, comments, errors } = parseSync(`cell.${lang}`, source, { lang, sourceType: 'module' })
    if (errors.length > 0) continue
    const found = program.body.flatMap(statement => {
      const said = saidOf(withoutExport(statement), name, source)
      return said ? [{ ...said, doc: docBefore(statement, comments, source) }] : []
    })
    const [first] = found
    // What is declared in parts, as overloads are, only TypeScript puts together.
    return first && { ...first, isWhole: first.isWhole && found.length === 1 }
  }
  return undefined
}

type Said = Omit<Written, 'doc'>

function saidOf(node: Node | null, name: string, cell: string): Said | undefined {
  if (node?.type === 'VariableDeclaration') return variable(node, name, cell)
  if (!node || !('id' in node) || !node.id || !('name' in node.id) || node.id.name !== name) return undefined
  const source = textOf(node, cell)
  if (node.type === 'FunctionDeclaration' || node.type === 'TSDeclareFunction') return named(name, readFunction(node, cell), source)
  const signature = headOf(node, name, cell)
  return signature === undefined ? undefined : { signature, source, isWhole: true }
}

function variable({ kind, declarations }: VariableDeclaration, name: string, cell: string): Said | undefined {
  const declarator = declarations.find(({ id }) => id.type === 'Identifier' && id.name === name)
  if (!declarator || declarator.id.type !== 'Identifier') return undefined
  const { id, init } = declarator
  const source = `${kind} ${textOf(declarator, cell)}`
  const read = init?.type === 'ArrowFunctionExpression' || init?.type === 'FunctionExpression' ? readFunction(init, cell) : undefined
  const call = read && { call: callOf(name, read) }
  if (id.typeAnnotation) return { signature: `${kind} ${oneLine(textOf(id, cell))}`, source, isWhole: true, ...call }
  if (read) return { signature: `${kind} ${name}: ${read.generics}(${read.parameters.join(', ')})${read.result && ` => ${read.result}`}`, source, isWhole: read.isWhole, ...call }
  const type = init ? typeOfLiteral(init, kind === 'const') : undefined
  return { signature: type && `${kind} ${name}: ${type}`, source, isWhole: type !== undefined }
}

function named(name: string, read: ReadFunction, source: string): Said {
  const call = callOf(name, read)
  return { signature: `function ${name}${read.generics}(${read.parameters.join(', ')})${read.result && `: ${read.result}`}`, source, isWhole: read.isWhole, call }
}

/** The comment that ends right before a statement. */
function docBefore({ start }: Node, comments: readonly Comment[], cell: string): JsDoc {
  const comment = comments.findLast(({ end }) => end <= start)
  const isDoc = comment?.type === 'Block' && comment.value.startsWith('*') && cell.slice(comment.end, start).trim() === ''
  return readJsDoc(isDoc ? comment.value : '')
}
