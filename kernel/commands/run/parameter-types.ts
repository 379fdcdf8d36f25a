import type { Expression, TSType } from 'oxc-parser'

/** What a parameter may be, as far as its declaration says without a compiler; anything where it doesn't. */
export interface Type {
  /** As messages name it. */
  readonly text: string
  accepts(value: unknown): boolean
  /** Of a list, the type of its items; of a tuple, that of each place. */
  readonly item?: (index: number) => Type
}

export const ANYTHING: Type = { text: 'any', accepts: () => true }

const simple = (text: string): Type => ({ text, accepts: value => typeof value === text })
const only = (text: string, only: unknown): Type => ({ text, accepts: value => value === only })
const [STRING, NUMBER, BOOLEAN, BIGINT] = [simple('string'), simple('number'), simple('boolean'), simple('bigint')]
const OBJECT: Type = { text: 'object', accepts: value => typeof value === 'object' && value !== null && !Array.isArray(value) }

const KEYWORDS: Readonly<Record<string, Type>> = {
  TSStringKeyword: STRING,
  TSNumberKeyword: NUMBER,
  TSBooleanKeyword: BOOLEAN,
  TSBigIntKeyword: BIGINT,
  TSNullKeyword: only('null', null),
  TSUndefinedKeyword: only('undefined', undefined),
  TSObjectKeyword: OBJECT,
  TSTypeLiteral: OBJECT
}

/** The type that an annotation says. */
export function declaredType(annotation: TSType, source: string): Type {
  return { ...typeOf(annotation), text: source.slice(annotation.start, annotation.end) }
}

/** The type that TypeScript would see in a first value. */
export function inferredType(initial: Expression | null): Type {
  if (initial?.type === 'UnaryExpression') return /[-+]/.test(initial.operator) ? inferredType(initial.argument) : ANYTHING
  if (initial?.type === 'TemplateLiteral') return STRING
  if (initial?.type === 'ObjectExpression') return OBJECT
  if (initial?.type === 'Literal') return [STRING, NUMBER, BOOLEAN, BIGINT].find(type => type.accepts(initial.value)) ?? ANYTHING
  if (initial?.type !== 'ArrayExpression') return ANYTHING
  const [first = ANYTHING, ...others] = initial.elements.map(each => (each && each.type !== 'SpreadElement' ? inferredType(each) : ANYTHING))
  return list(others.every(each => each === first) ? first : ANYTHING)
}

function typeOf(type: TSType): Type {
  if (type.type === 'TSArrayType') return list(typeOf(type.elementType))
  if (type.type === 'TSTupleType') return tuple(type.elementTypes.map(each => typeOf(each as TSType)))
  if (type.type === 'TSUnionType') return union(type.types.map(typeOf))
  if (type.type === 'TSParenthesizedType') return typeOf(type.typeAnnotation)
  if (type.type === 'TSTypeOperator' && type.operator === 'readonly') return typeOf(type.typeAnnotation)
  if (type.type === 'TSTypeReference') return generic(type)
  if (type.type === 'TSLiteralType') return literal(type.literal)
  return KEYWORDS[type.type] ?? ANYTHING
}

function list(item: Type): Type {
  return { text: `${item.text}[]`, accepts: value => Array.isArray(value) && value.every(item.accepts), item: () => item }
}

function tuple(items: readonly Type[]): Type {
  return {
    text: `[${items.map(({ text }) => text).join(', ')}]`,
    accepts: value => Array.isArray(value) && value.length === items.length && items.every((item, index) => item.accepts(value[index])),
    item: index => items[index] ?? ANYTHING
  }
}

function union(types: readonly Type[]): Type {
  const item = types.find(type => type.item)?.item
  return { text: types.map(({ text }) => text).join(' | '), accepts: value => types.some(type => type.accepts(value)), ...(item && { item }) }
}

function generic({ typeName, typeArguments }: Extract<TSType, { type: 'TSTypeReference' }>): Type {
  const name = typeName.type === 'Identifier' ? typeName.name : ''
  const [argument] = typeArguments?.params ?? []
  if (argument && (name === 'Array' || name === 'ReadonlyArray')) return list(typeOf(argument))
  return name === 'Record' ? OBJECT : ANYTHING
}

function literal(expression: Expression): Type {
  if (expression.type === 'Literal') return only(expression.raw ?? '', expression.value)
  if (expression.type === 'UnaryExpression' && expression.argument.type === 'Literal') return only(`-${expression.argument.raw}`, -Number(expression.argument.value))
  return STRING
}
