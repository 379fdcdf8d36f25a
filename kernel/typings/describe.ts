import type { Class, Node } from 'oxc-parser'
import { type JsDoc, readJsDoc } from '../language/jsdoc.ts'
import { type Callable, callOf, headOf, oneLine, readFunction, textOf, type WrittenCall } from '../language/signature.ts'
import type { Declared } from './members.ts'

/** Overloads that are shown at most. */
const MOST = 4

/** How a name is declared, as TypeScript would show it: overloads one below the other. Undefined where only TypeScript can tell. */
export function signatureOf(declared: readonly Declared[], name: string): string | undefined {
  const lines = declared.filter(({ node }) => node.type !== 'TSModuleDeclaration').map(each => lineOf(each, name))
  if (!lines.every(line => line !== undefined)) return undefined
  const shown = lines.length > MOST ? [...lines.slice(0, MOST - 1), `// +${lines.length - MOST + 1} more overloads`] : lines
  const spaces = declared.filter(({ node }) => node.type === 'TSModuleDeclaration').flatMap(each => lineOf(each, name) ?? [])
  return declared.length === 0 ? undefined : [...shown, ...spaces].join('\n')
}

/** A way to call something, and what is said of it. */
export type DocumentedCall = WrittenCall & { readonly doc: JsDoc }

/** How a name is called, in as many ways as it is declared. */
export function callsOf(declared: readonly Declared[], name: string, isNew: boolean): DocumentedCall[] {
  return declared.flatMap(({ node, text: written, comment }) => {
    const text = withoutComments(written)
    const doc = readJsDoc(comment)
    if (node.type === 'ClassDeclaration') return isNew ? constructorsOf(node).map(each => ({ ...callOf(name, { ...readFunction(each, text), result: name }), doc })) : []
    return isCallable(node) ? [{ ...callOf(name, readFunction(node, text)), doc }] : []
  })
}

function lineOf({ node, text: written, owner }: Declared, name: string): string | undefined {
  const text = withoutComments(written)
  const full = owner === '' ? name : `${owner}.${name}`
  if (node.type === 'TSMethodSignature' && node.kind === 'method') return `(method) ${full}${called(node, text)}`
  if (node.type === 'FunctionDeclaration' && !node.returnType) return undefined
  if (node.type === 'TSDeclareFunction' || node.type === 'FunctionDeclaration') return `function ${full}${called(node, text)}`
  if (node.type === 'TSPropertySignature') return property(`(property) ${full}${node.optional ? '?' : ''}`, node.typeAnnotation, text)
  if (node.type === 'VariableDeclaration') return property(`${node.kind} ${full}`, node.declarations[0]?.id.typeAnnotation, text)
  if (node.type === 'TSModuleDeclaration') return `namespace ${full}`
  return headOf(node, full, text)
}

function called(node: Callable, text: string): string {
  const { generics, parameters, result } = readFunction(node, text)
  return `${generics}(${parameters.join(', ')}): ${result || 'any'}`
}

/** A type that depends on others, TypeScript shows as what comes of it. */
function property(head: string, annotation: Node | null | undefined, text: string): string | undefined {
  if (annotation?.type !== 'TSTypeAnnotation' || /^(?:TSConditionalType|TSTypeQuery|TSTypeOperator)$/.test(annotation.typeAnnotation.type)) return undefined
  return `${head}: ${oneLine(textOf(annotation.typeAnnotation, text))}`
}

const isCallable = (node: Node): node is Callable & Node =>
  /^(?:TSMethodSignature|TSCallSignatureDeclaration|TSConstructSignatureDeclaration|TSDeclareFunction|FunctionDeclaration)$/.test(node.type)

/** Overloads, and what is made without a constructor of its own, only TypeScript knows. */
function constructorsOf({ body }: Class): Callable[] {
  const methods = body.body.flatMap(member => (member.type === 'MethodDefinition' && member.kind === 'constructor' ? [member.value] : []))
  return methods.length === 1 ? methods : []
}

/** And without the marks that begin the lines of long types: as long as before, so that everything keeps its place. */
const withoutComments = (text: string): string =>
  text.replace(/\/\*[^]*?\*\/|\/\/.*$/gm, comment => comment.replace(/[^\n]/g, ' ')).replace(/(?<=[:=(<,]\s*\n\s*)\|/g, ' ')
