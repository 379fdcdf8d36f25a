import { MagicString } from 'magic-string'
import type { Class, ClassElement, Expression, MethodDefinition, PropertyDefinition } from 'oxc-parser'
import { walk } from 'oxc-walker'
import { parseSync } from './lazy-parser.ts'
import { runtimeName } from './runtime.ts'

const bare = `${runtimeName}.instances.bare`
const prefix = `${bare} ? void 0 : `
const knowing = `static { ${runtimeName}.instances.know(this, `

/**
 * Lets a class with private members say how instances of it are made again elsewhere, which nothing else could: it gives
 * access to its private fields, and makes bare instances, with all of its private members and without running its code.
 */
export function editPrivateMembers(node: Class, edits: MagicString): void {
  const elements = node.body.body
  const [instance, statics] = [privateNames(elements, false), privateNames(elements, true)]
  if (instance.length + statics.length === 0) return
  // What is put here last comes first: before it, the end of a field.
  edits.prependRight(node.body.end - 1, `; ${knowing}${description(node, instance, statics)}) }`)
  if (instance.length === 0) return
  for (const element of elements) {
    if (isField(element) && !element.static && element.value && runs(element.value)) edits.appendLeft(element.value.start, prefix)
  }
  const body = constructorOf(node)?.value.body
  if (body) edits.appendLeft(body.start + 1, guard(node))
}

/** The same for all classes of a module in JavaScript. */
export function withPrivateAccess(code: string): string {
  if (!/\bclass\b/.test(code) || !/#[\p{ID_Start}$_]/u.test(code)) return code
  const edits = new MagicString(code)
  walk(parseSync('module.js', code, { sourceType: 'module' }).program, {
    enter(node) {
      if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') editPrivateMembers(node, edits)
    },
  })
  return edits.toString()
}

/** The text of a class as it was written. */
export function withoutPrivateAccess(source: string): string {
  if (!source.includes(bare) && !source.includes(knowing)) return source
  const text = [prefix, guards.base, guards.derived].reduce((rest, each) => rest.replaceAll(each, ''), source)
  return text.replace(added, '')
}

/** Whether a static block is none of the class's own. */
export const isPrivateAccess = (block: string): boolean => block.startsWith(knowing)

const added = new RegExp(`; ${knowing.replace(/[.(){}]/g, '\\$&')}.*?\\}\\) \\}(?=\\})`, 'g')
const guards = { base: ` if (${bare}) return; `, derived: ` if (${bare}) { super(); return } ` }
const guard = ({ superClass }: Class): string => (superClass ? guards.derived : guards.base)

interface PrivateName {
  readonly name: string
  readonly isField: boolean
}

function description(node: Class, instance: readonly PrivateName[], statics: readonly PrivateName[]): string {
  const [fields, staticFields] = [instance, statics].map(names => names.flatMap(({ name, isField }) => (isField ? [name] : []))) as [string[], string[]]
  const parts = [`derived: ${node.superClass !== null}`, `parameters: ${constructorOf(node)?.value.params.length ?? 0}`]
  const [first] = instance
  if (first) {
    const names = `names: ${JSON.stringify(fields)}`
    parts.push(`fields: { ${names}, read: o => ${first.name} in o ? [${fields.map(name => `o.${name}`).join()}] : undefined, fill: (o, v) => { ${filling('o', fields)} } }`)
  }
  if (staticFields.length > 0) {
    const names = `names: ${JSON.stringify(staticFields)}`
    parts.push(`statics: { ${names}, read: () => [${staticFields.map(name => `this.${name}`).join()}], fill: (o, v) => { ${filling('this', staticFields)} } }`)
  }
  return `{ ${parts.join(', ')} }`
}

const filling = (on: string, names: readonly string[]): string => names.map((name, i) => `${on}.${name} = v[${i}];`).join(' ')

function privateNames(elements: readonly ClassElement[], isStatic: boolean): PrivateName[] {
  const names = elements.flatMap(element => {
    if (!('key' in element) || element.key.type !== 'PrivateIdentifier' || element.static !== isStatic) return []
    return [{ name: `#${element.key.name}`, isField: element.type === 'PropertyDefinition' }]
  })
  // A getter and a setter are one.
  return names.filter(({ name }, i) => names.findIndex(each => each.name === name) === i)
}

function constructorOf({ body }: Class): MethodDefinition | undefined {
  return body.body.find((element): element is MethodDefinition => element.type === 'MethodDefinition' && element.kind === 'constructor')
}

const isField = (element: ClassElement): element is PropertyDefinition => element.type === 'PropertyDefinition'

/** Whether evaluating it may do something. A function by itself doesn't, and has its name from where it stands. */
const runs = ({ type }: Expression): boolean => !['Literal', 'ArrowFunctionExpression', 'FunctionExpression'].includes(type)
