import type { Expression, Node, Program } from 'oxc-parser'
import { walk } from 'oxc-walker'
import { UsageError } from '../errors.ts'
import { parseSync } from './lazy-parser.ts'

/**
 * Turns what `Function.prototype.toString` says into an expression that evaluates to an equivalent function: methods,
 * getters and setters say only their own part of an object or class. It is strict code: evaluate it after `'use strict'`.
 *
 * Throws UsageError for functions whose text isn't enough: native and bound ones, and methods that use `super` or
 * private names.
 *
 * @example
 * asExpression('async get(key) { return key }') // '({ async get(key) { return key } }).get'
 */
export function asExpression(source: string): string {
  const { text, program, property } = parseFunction(source)
  if (program.errors.length > 0 || (property && usesSuper(property))) throw new UsageError(reason(source))
  return property ? memberOf(text, property) : text
}

export interface FunctionSource {
  /** The function, or an object with the method, in parentheses. */
  readonly text: string
  readonly program: Parsed
  /** The method, where the function is one. */
  readonly property: Property | undefined
}

/** Reads what `Function.prototype.toString` says. Throws UsageError for native code and for what is no function. */
export function parseFunction(source: string): FunctionSource {
  if (nativeCode.test(source)) {
    throw new UsageError(`The function ${nameIn(source)}is native code or bound: wrap it in a function of your own.`)
  }
  const text = `(${source}\n)`
  const whole = parse(text)
  if (whole.expression && functions.has(whole.expression.type)) return { text, program: whole, property: undefined }
  const object = `({ ${source.replace(/^static\s+(?=[^\s(])/, '')}\n})`
  const program = parse(object)
  const property = onlyProperty(program)
  if (!property) throw new UsageError(reason(source))
  return { text: object, program, property }
}

const functions = new Set(['FunctionExpression', 'ArrowFunctionExpression', 'ClassExpression'])

const nativeCode = /\{\s*\[native code\]\s*\}\s*$/

const nameIn = (source: string): string => {
  const name = /^(?:async\s+)?(?:function|class)?\s*\*?\s*([\w$#]+)\s*[({]/.exec(source)?.[1]
  return name ? `${name} ` : ''
}

const reason = (source: string): string =>
  `The function ${nameIn(source)}can't be moved: it uses super or private names, or is no function. `
  + 'Call it from a function of your own.'

interface Parsed {
  readonly tree: Program
  /** What is in the parentheses, where there is nothing else. */
  readonly expression: Expression | undefined
  readonly errors: readonly unknown[]
}

function parse(text: string): Parsed {
  const { program, errors } = parseSync('function.js', text, { sourceType: 'module', showSemanticErrors: true })
  const [statement, ...others] = program.body
  const only = others.length === 0 && statement?.type === 'ExpressionStatement' ? statement.expression : undefined
  return { tree: program, expression: only?.type === 'ParenthesizedExpression' ? only.expression : undefined, errors }
}

type Property = Extract<Node, { type: 'Property' }>

function onlyProperty({ expression }: Parsed): Property | undefined {
  if (expression?.type !== 'ObjectExpression' || expression.properties.length !== 1) return undefined
  const [property] = expression.properties
  return property?.type === 'Property' && (property.method || property.kind !== 'init') ? property : undefined
}

function memberOf(object: string, { key, kind, computed }: Property): string {
  if (kind === 'init' && !computed && key.type === 'Identifier') return `${object}.${key.name}`
  const part = kind === 'init' ? 'value' : kind
  return `(object => Object.getOwnPropertyDescriptor(object, Reflect.ownKeys(object)[0]).${part})${object}`
}

/** Outside of its object, `super` would mean another one. */
function usesSuper(property: Property): boolean {
  let found = false
  walk(property, {
    enter(node) {
      if (node.type === 'Super') found = true
      else if (node.type === 'ClassBody' || (node.type === 'ObjectExpression')) this.skip()
    },
  })
  return found
}
