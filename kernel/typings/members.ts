import { parseSync, type Comment, type Node, type Statement as Syntax, type TSInterfaceDeclaration } from 'oxc-parser'
import { excerpt, headOf } from './excerpts.ts'
import type { Statement } from './statements.ts'

/** A member of an interface, or what is declared itself, with the text that it is in. */
export interface Declared {
  readonly node: Node
  readonly text: string
  /** What is between the marks of the documentation comment. */
  readonly comment: string
  /** Of what it is a member, as TypeScript shows it. */
  readonly owner: string
}

/** What a statement declares. */
export function read({ source, comment, scope }: Statement): Declared[] {
  const [node] = parse(source).body
  return node ? [{ node, text: source, comment, owner: spaces(scope).join('.') }] : []
}

/** The type of a value, where it is one that has a name: `NodeJS.Process`. */
export function typeName({ node, text }: Declared): string | undefined {
  const annotation = node.type === 'VariableDeclaration' ? node.declarations[0]?.id.typeAnnotation : node.type === 'TSPropertySignature' ? node.typeAnnotation : undefined
  const type = annotation?.typeAnnotation
  return type?.type === 'TSTypeReference' ? text.slice(type.typeName.start, type.typeName.end) : undefined
}

/** The members of an interface by their names; those without a name are what is called, and what is made with `new`. */
export function membersOf(declared: Statement, name: string): Declared[] {
  const { source } = declared
  if (name !== CALLED && name !== MADE && !source.includes(name)) return []
  const part = excerpt(source, beginnings.get(name) ?? `(?:readonly |get |set )*["']?${RegExp.escape(name)}["']?[?(<:]`)
  const members = part === undefined ? [] : membersIn(part, declared, name)
  return members.length > 0 ? members : membersIn(source, declared, name)
}

function membersIn(text: string, { scope }: Statement, name: string): Declared[] {
  const { body, comments } = parse(text)
  const [node] = body
  if (node?.type !== 'TSInterfaceDeclaration') return []
  const owner = [...spaces(scope), `${node.id.name}${parametersOf(node)}`].join('.')
  return node.body.body
    .filter(member => member.type === name || ('key' in member && !member.computed && nameOf(member.key) === name))
    .map(member => ({ node: member, text, comment: commentBefore(member, comments, text), owner }))
}

export const CALLED = 'TSCallSignatureDeclaration'
export const MADE = 'TSConstructSignatureDeclaration'

/** By what members without a name begin. */
const beginnings: ReadonlyMap<string, string> = new Map([[CALLED, '[(<]'], [MADE, 'new\\b']])

/** The interfaces that an interface has the members of as well. */
export function parentsOf({ source }: Statement): string[] {
  const head = headOf(source)
  const text = head === undefined ? source : `${head}}`
  const [node] = parse(text).body
  return node?.type === 'TSInterfaceDeclaration' ? node.extends.map(({ expression }) => text.slice(expression.start, expression.end)) : []
}

/** Of a scope what TypeScript shows: not the module. */
const spaces = (scope: readonly string[]): readonly string[] => scope.filter(each => !/^["']/.test(each))

function parse(source: string): { readonly body: readonly Syntax[]; readonly comments: readonly Comment[] } {
  // Paracell's own types are TypeScript where nothing was built.
  const { program, comments, errors } = parseSync('declaration.d.ts', source, { lang: 'dts', sourceType: 'module' })
  const read = errors.length > 0 ? parseSync('declaration.ts', source, { lang: 'ts', sourceType: 'module' }) : { program, comments }
  return { body: read.program.body as readonly Syntax[], comments: read.comments }
}

/** Of type parameters only the names are shown. */
function parametersOf({ typeParameters }: TSInterfaceDeclaration): string {
  return typeParameters ? `<${typeParameters.params.map(({ name }) => name.name).join(', ')}>` : ''
}

const nameOf = (key: Node): string | undefined => (key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined)

function commentBefore({ start }: Node, comments: readonly Comment[], text: string): string {
  const comment = comments.findLast(({ end }) => end <= start)
  const isDoc = comment?.type === 'Block' && comment.value.startsWith('*') && text.slice(comment.end, start).trim() === ''
  return isDoc ? comment.value : ''
}
