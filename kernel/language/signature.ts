import type { FormalParameterRest, Function, ArrowFunctionExpression, Node, ParamPattern, TSCallSignatureDeclaration, TSConstructSignatureDeclaration, TSFunctionType, TSMethodSignature } from 'oxc-parser'

export interface WrittenCall {
  readonly label: string
  /** As in the label; the last may be a rest. */
  readonly parameters: readonly string[]
}

export type Callable = Function | ArrowFunctionExpression | TSMethodSignature | TSCallSignatureDeclaration | TSConstructSignatureDeclaration | TSFunctionType

export interface ReadFunction {
  /** `<T>`, or nothing. */
  readonly generics: string
  readonly parameters: readonly string[]
  readonly result: string
  readonly isWhole: boolean
}

/** How a function, a method or the type of one is called. */
export function readFunction(node: Callable, cell: string): ReadFunction {
  const parameters = node.params.map(parameter => parameterOf(parameter, cell))
  return {
    generics: genericsOf(node, cell),
    parameters: parameters.map(({ text }) => text),
    result: node.returnType ? oneLine(textOf(node.returnType.typeAnnotation, cell)) : '',
    isWhole: Boolean(node.returnType) && parameters.every(({ isTyped }) => isTyped)
  }
}

function parameterOf(parameter: ParamPattern, cell: string): { text: string; isTyped: boolean } {
  if (parameter.type === 'TSParameterProperty') return { text: oneLine(textOf(parameter, cell)), isTyped: false }
  if (parameter.type !== 'AssignmentPattern') return { text: oneLine(textOf(parameter, cell)), isTyped: hasType(parameter) }
  const { left, right } = parameter
  if (!left.typeAnnotation) {
    const type = typeOfLiteral(right, false)
    return { text: type ? `${textOf(left, cell)}?: ${type}` : oneLine(textOf(parameter, cell)), isTyped: type !== undefined }
  }
  const pattern = cell.slice(left.start, left.typeAnnotation.start)
  return { text: oneLine(`${pattern}?${textOf(left.typeAnnotation, cell)}`), isTyped: true }
}

const hasType = (parameter: Exclude<ParamPattern, { type: 'AssignmentPattern' }> | FormalParameterRest): boolean => 'typeAnnotation' in parameter && Boolean(parameter.typeAnnotation)

/** What a type parameter is when nobody says it, TypeScript doesn't show of a function. */
function genericsOf({ typeParameters }: Callable, cell: string): string {
  const texts = typeParameters?.params.map(parameter => oneLine(cell.slice(parameter.start, parameter.constraint?.end ?? parameter.name.end)))
  return texts ? `<${texts.join(', ')}>` : ''
}

/** The `this` of a function is no argument. */
export function callOf(name: string, { parameters: all, generics, result }: ReadFunction): WrittenCall {
  const parameters = all.filter(parameter => !/^this\b/.test(parameter))
  return { label: `${name}${generics}(${parameters.join(', ')})${result && `: ${result}`}`, parameters }
}

/** A constant is its literal, what can change only the type of that. */
export function typeOfLiteral(node: Node, isConstant: boolean): string | undefined {
  if (node.type !== 'Literal' || node.value === null) return undefined
  if (typeof node.value === 'object') return 'regex' in node ? 'RegExp' : undefined
  if (!isConstant) return typeof node.value
  return typeof node.value === 'string' ? JSON.stringify(node.value) : (node.raw ?? undefined)
}

/** What TypeScript shows of a type. */
export function headOf(node: Node, name: string, cell: string): string | undefined {
  const generics = 'typeParameters' in node && node.typeParameters ? oneLine(textOf(node.typeParameters, cell)) : ''
  if (node.type === 'TSTypeAliasDeclaration') return `type ${name}${generics} = ${oneLine(textOf(node.typeAnnotation, cell))}`
  if (node.type === 'TSInterfaceDeclaration') return `interface ${name}${generics}`
  if (node.type === 'ClassDeclaration') return `${node.abstract ? 'abstract ' : ''}class ${name}${generics}`
  return node.type === 'TSEnumDeclaration' ? `${node.const ? 'const ' : ''}enum ${name}` : undefined
}

/** The text of a node. */
export const textOf = ({ start, end }: Node, cell: string): string => cell.slice(start, end)

/** Lines joined, as TypeScript shows types. */
export const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ')
