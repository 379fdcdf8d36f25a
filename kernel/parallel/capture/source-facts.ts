import MagicString from 'magic-string'
import type { Class, ClassElement, Expression, Node, PropertyDefinition } from 'oxc-parser'
import { walk } from 'oxc-walker'
import { freeNames } from '../../language/free-names.ts'
import { parseSync } from '../../language/lazy-parser.ts'
import { isPrivateAccess } from '../../language/private-members.ts'

/** What can be told from the text of a function alone. */
export interface SourceFacts {
  readonly form: 'function' | 'arrow' | 'method' | 'class'
  /** An expression that makes the function again; for a method, an object that has it as its only property. */
  readonly code: string
  /** How many characters of `code` come before the function's text. */
  readonly indent: number
  /** Names that it uses and does not declare. */
  readonly free: readonly string[]
  /** An arrow function that uses `this` of the function around it. */
  readonly lexicalThis: boolean
  /** An arrow function that uses `arguments` or `super` of the function around it: which. */
  readonly borrowed: 'arguments' | 'super' | undefined
  /** A method that uses `super`. */
  readonly usesSuper: boolean
  /** Where V8 says that the function is, counted from the start of its text. */
  readonly anchor: number
  /** For a method: which part of the property that `code` makes. */
  readonly part: 'value' | 'get' | 'set' | undefined
  /** Names that are used while a class comes into being. */
  readonly eager: readonly string[]
  readonly class?: ClassFacts
}

export interface ClassFacts {
  /** Whether it extends another. */
  readonly derived: boolean
  readonly members: readonly Member[]
  /** Names of the private fields of its instances, and of the class itself. */
  readonly privateFields: readonly string[]
  readonly privateStatics: readonly string[]
  /** Fields of instances that begin as functions: name and text. */
  readonly functionFields: readonly (readonly [name: string, text: string])[]
}

/** A method or accessor that comes into being with its class. */
export interface Member {
  readonly static: boolean
  readonly part: 'value' | 'get' | 'set'
  /** Undefined when it is computed. */
  readonly key: string | undefined
  readonly text: string
}

/** How a function loads modules while it runs, once it has been through the cells' transformation. */
const LOADS = /\b(?:__paracell__\.import|import|require)\(\s*(["'])([^"'\n]+)\1/g

/** The modules that a function may load while it runs, as far as its text says. */
export function loadedBy(source: string): string[] {
  return /(?:import|require)\(/.test(source) ? Array.from(source.matchAll(LOADS), ([, , specifier = '']) => specifier) : []
}

const known = new Map<string, SourceFacts | undefined>()
const limit = 2000

/** Facts of what Function.prototype.toString says; undefined when that is no code that could be run again. */
export function sourceFacts(source: string): SourceFacts | undefined {
  if (known.has(source)) return known.get(source)
  if (known.size >= limit) known.clear()
  const facts = study(source)
  known.set(source, facts)
  return facts
}

function study(source: string): SourceFacts | undefined {
  const plain = parseExpression(`(${source}\n)`)
  if (plain?.type === 'ClassExpression') return classFacts(source, plain)
  if (plain && isFunction(plain)) return functionFacts(source, plain)
  const object = parseExpression(`({${source}\n})`)
  return object && methodFacts(source, object)
}

const isFunction = ({ type }: Node): boolean => type === 'FunctionExpression' || type === 'ArrowFunctionExpression'

const options = { lang: 'js', sourceType: 'script', preserveParens: false, showSemanticErrors: true } as const

function parseExpression(text: string): Expression | undefined {
  const { program, errors } = parseSync('function.js', text, options)
  const statement = program.body[0]
  return errors.length === 0 && statement?.type === 'ExpressionStatement' ? statement.expression : undefined
}

function functionFacts(source: string, node: Expression): SourceFacts {
  const arrow = node.type === 'ArrowFunctionExpression'
  const uses = outerUses(node, arrow)
  return {
    form: arrow ? 'arrow' : 'function',
    code: `(${source}\n)`,
    indent: 1,
    free: [...freeNames(source)],
    lexicalThis: uses.has('this'),
    borrowed: uses.has('arguments') ? 'arguments' : uses.has('super') ? 'super' : undefined,
    usesSuper: false,
    part: undefined,
    eager: [],
    anchor: arrow ? 0 : source.indexOf('(', node.type === 'FunctionExpression' && node.id ? node.id.end - 1 : 0),
  }
}

function methodFacts(source: string, node: Expression): SourceFacts | undefined {
  const method = node.type === 'ObjectExpression' ? node.properties[0] : undefined
  if (method?.type !== 'Property') return undefined
  const code = new MagicString(`({${source}\n})`)
  // Its key may use anything, and is not what matters: the function gets its name later.
  if (method.computed) replace(code, method.key, "'m'")
  const uses = outerUses(method.value, true)
  return {
    form: 'method',
    code: code.toString(),
    indent: 2,
    free: [...freeNames(code.slice(2, -3))],
    lexicalThis: false,
    borrowed: undefined,
    usesSuper: uses.has('super'),
    anchor: method.value.start - 2,
    part: method.kind === 'init' ? 'value' : method.kind,
    eager: [],
  }
}

function classFacts(source: string, node: Class): SourceFacts {
  const code = new MagicString(`(${source}\n)`)
  // The parent class and the static fields are taken from the captured class: nothing is evaluated a second time.
  if (node.superClass) replace(code, node.superClass, 'null')
  const elements = node.body.body
  for (const element of elements) {
    if (isStaticState(element, code.original)) replace(code, element, '')
    else if (isPrivateStatic(element) && element.value) replace(code, { start: element.key.end, end: element.value.end }, '')
  }
  const constructor = elements.find(element => element.type === 'MethodDefinition' && element.kind === 'constructor')
  const text = code.toString()
  return {
    form: 'class',
    code: text,
    indent: 1,
    free: [...freeNames(text.slice(1, -2))],
    lexicalThis: false,
    borrowed: undefined,
    usesSuper: false,
    part: undefined,
    eager: elements.flatMap(element => computedNames(element, source)),
    anchor: constructor?.type === 'MethodDefinition' ? constructor.value.start - 1 : 0,
    class: {
      derived: node.superClass !== null,
      members: elements.flatMap(element => member(element, source)),
      privateFields: privateFields(node, false),
      privateStatics: privateFields(node, true),
      functionFields: elements.flatMap(element => functionField(element, source)),
    },
  }
}

/** Public static fields and static blocks; a private static field has to stay for the methods that name it. */
function isStaticState(element: ClassElement, text: string): boolean {
  if (element.type === 'StaticBlock') return !isPrivateAccess(text.slice(element.start, element.end))
  return element.type === 'PropertyDefinition' && element.static && element.key.type !== 'PrivateIdentifier'
}

function isPrivateStatic(element: ClassElement): element is PropertyDefinition {
  return element.type === 'PropertyDefinition' && element.static && element.key.type === 'PrivateIdentifier'
}

function privateFields({ body }: Class, isStatic: boolean): string[] {
  return body.body.flatMap(element => {
    if (!('key' in element) || element.key.type !== 'PrivateIdentifier' || element.static !== isStatic) return []
    return element.type === 'MethodDefinition' && isStatic ? [] : [`#${element.key.name}`]
  })
}

function functionField(element: ClassElement, source: string): [string, string][] {
  if (element.type !== 'PropertyDefinition' || element.static || element.computed || !element.value || !isFunction(element.value)) return []
  const name = element.key.type === 'PrivateIdentifier' ? `#${element.key.name}` : keyName(element.key)
  return name === undefined ? [] : [[name, source.slice(element.value.start - 1, element.value.end - 1)]]
}

function member(element: ClassElement, source: string): Member[] {
  if (element.type !== 'MethodDefinition' || element.kind === 'constructor') return []
  if (element.key.type === 'PrivateIdentifier') return []
  const text = source.slice(element.start - 1, element.end - 1)
  return [{
    static: element.static,
    part: element.kind === 'method' ? 'value' : element.kind,
    key: element.computed ? undefined : keyName(element.key),
    text: element.static ? text.replace(/^static\s+/, '') : text,
  }]
}

/** What the name of a member uses that is computed. */
function computedNames(element: ClassElement, source: string): string[] {
  if (!('computed' in element) || !element.computed) return []
  const { start, end } = element.key
  return [...freeNames(`() => (${source.slice(start - 1, end - 1)})`)]
}

const keyName = (key: Node): string | undefined =>
  key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined

/** With as many characters and line breaks, so that positions after it stay. */
function replace(code: MagicString, { start, end }: Pick<Node, 'start' | 'end'>, replacement: string): void {
  const rest = code.original.slice(start + replacement.length, end)
  code.overwrite(start, end, replacement + rest.replace(/[^\n]/g, ' '))
}

/** Which of `this`, `arguments` and `super` it takes from outside, or of its own if it is a method. */
function outerUses(root: Node, inside: boolean): Set<string> {
  const uses = new Set<string>()
  if (!inside) return uses
  walk(root, {
    enter(node) {
      if (node !== root && ownsThis.has(node.type)) return this.skip()
      if (node.type === 'ThisExpression') uses.add('this')
      if (node.type === 'Super') uses.add('super')
      if (node.type === 'Identifier' && node.name === 'arguments') uses.add('arguments')
    },
  })
  return uses
}

const ownsThis = new Set([
  'FunctionExpression', 'FunctionDeclaration', 'ClassExpression', 'ClassDeclaration', 'StaticBlock',
])
