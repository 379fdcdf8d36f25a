/**
 * Writes kernel/widgets/models.generated.ts from the published schema of Jupyter's widgets: `node tools/widget-models.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

interface Attribute {
  readonly name: string
  readonly type: string | readonly string[]
  readonly default: unknown
  readonly help?: string
  readonly enum?: readonly string[]
  readonly allow_none?: boolean
  readonly items?: { readonly type: string }
  readonly widget?: string
}

interface Model {
  readonly model: { readonly name: string; readonly module: string; readonly version: string }
  readonly view: { readonly name: string | null; readonly module: string; readonly version: string }
  readonly attributes: readonly Attribute[]
}

const SCHEMA = dirname(createRequire(import.meta.url).resolve('@jupyter-widgets/schema/package.json'))
const TARGET = join(import.meta.dirname, '..', 'kernel', 'widgets', 'models.generated.ts')
/** What many have, in this order: each group contains the one before it. */
const GROUPS = {
  dom: ['_dom_classes', 'layout', 'tabbable', 'tooltip'],
  described: ['description', 'description_allow_html'],
}
/** Arrays whose items the schema does not tell. */
const ITEMS: Readonly<Record<string, string>> = {
  'ColorsInput.value': 'texts', 'ColorsInput.allowed_tags': 'texts', 'TagsInput.value': 'texts', 'TagsInput.allowed_tags': 'texts',
  'FloatsInput.value': 'numbers', 'FloatsInput.allowed_tags': 'numbers', 'FloatRangeSlider.value': 'numbers',
  'IntsInput.value': 'integers', 'IntsInput.allowed_tags': 'integers', 'IntRangeSlider.value': 'integers',
  'SelectMultiple.index': 'integers', 'SelectionRangeSlider.index': 'integers',
  'FileUpload.value': 'files', 'Output.outputs': 'outputs',
  'Link.source': 'end', 'Link.target': 'end', 'DirectionalLink.source': 'end', 'DirectionalLink.target': 'end',
}
const NO_DEFAULT = new Set(['files', 'outputs', 'end'])
/** Shown nowhere and used by nobody: an ancestor of others. */
const ABSTRACT = new Set(['DOMWidgetModel'])

/** Attributes that only say which class it is. */
const isIdentity = ({ name }: Attribute) => /^_(model|view)_/.test(name)

const TYPES: Readonly<Record<string, (attribute: Attribute) => string | undefined>> = {
  string: attribute => call('text', attribute),
  bool: attribute => call('boolean', attribute),
  int: attribute => call('integer', attribute),
  float: attribute => call('number', attribute),
  bytes: () => 'bytes',
  Date: () => 'date',
  Datetime: () => 'datetime',
  Time: () => 'time',
  reference: ({ widget }) => `reference(() => ${widget})`,
  array: attribute => arrayOf(attribute),
}

export function generate(): string {
  const { version } = JSON.parse(readFileSync(join(SCHEMA, 'package.json'), 'utf8')) as { version: string }
  const models = (JSON.parse(readFileSync(join(SCHEMA, 'jupyterwidgetmodels.latest.json'), 'utf8')) as Model[]).filter(({ model }) => !ABSTRACT.has(model.name))
  const all = models.flatMap(({ attributes }) => attributes)
  const groups = Object.entries(GROUPS).map(([group, names], index, entries) => {
    const inherited = entries[index - 1] ? [`  ...${entries[index - 1]?.[0]},`] : []
    return `const ${group} = {\n${[...inherited, ...names.map(name => line(find(all, name), ''))].join('\n')}\n}`
  })
  const text = [...groups, ...models.map(body)].join('\n\n')
  return `/** Made by tools/widget-models.ts from @jupyter-widgets/schema ${version}: change that, not this. */
import { ${used(text, ATTRIBUTES)} } from './attributes.ts'
import { ${used(text, CLASSES)} } from './widget-class.ts'

${text}
`
}

const ATTRIBUTES = ['boolean', 'bytes', 'children', 'date', 'datetime', 'end', 'files', 'integer', 'integers', 'nullable', 'number', 'numbers', 'oneOf', 'outputs', 'reference', 'text', 'textOrNumber', 'texts', 'time']
const CLASSES = ['boxClass', 'choiceClass', 'choicesClass', 'widgetClass']

function used(code: string, names: readonly string[]): string {
  return names.filter(name => new RegExp(`(?<=[^.\\w])${name}\\b(?!:)`).test(code)).join(', ')
}

function find(attributes: readonly Attribute[], name: string): Attribute {
  const found = attributes.find(each => each.name === name)
  if (!found) throw new Error(`No widget has ${name} any more.`)
  return found
}

function body(model: Model): string {
  const own = model.attributes.filter(each => !isIdentity(each))
  const group = Object.entries(GROUPS).findLast(([, names]) => names.every(name => own.some(each => each.name === name)))
  const shared = new Set(group ? Object.entries(GROUPS).slice(0, Object.keys(GROUPS).indexOf(group[0]) + 1).flatMap(([, names]) => names) : [])
  const name = className(model)
  const lines = [...(group ? [`  ...${group[0]},`] : []), ...own.filter(each => !shared.has(each.name)).map(each => line(each, name))]
  const [factory, parameters] = factoryOf(own)
  return `export class ${name}${parameters && '<T = string>'} extends ${factory}(${identity(model)}, {\n${lines.join('\n')}\n})${parameters} {}`
}

function factoryOf(attributes: readonly Attribute[]): readonly [factory: string, parameters: string] {
  const index = attributes.find(({ name }) => name === 'index')
  if (index && attributes.some(({ name }) => name === '_options_labels')) return index.type === 'array' ? ['choicesClass', '<T>'] : ['choiceClass', '<T>']
  return [attributes.some(({ name }) => name === 'children') ? 'boxClass' : 'widgetClass', '']
}

function className({ model }: Model): string {
  return model.name.replace(/Model$/, '')
}

function identity({ model, view }: Model): string {
  return `['${model.name}', ${view.name === null ? 'null' : `'${view.name}'`}, '${model.module}', '${model.version}'${view.name === null || view.module === model.module ? '' : `, '${view.module}'`}]`
}

function line(attribute: Attribute, owner: string): string {
  const help = attribute.help ? `  /** ${attribute.help.replace(/\s+/g, ' ').replaceAll('*/', '* /').trim()} */\n` : ''
  return `${help}  ${camelCase(attribute.name)}: ${kindOf(attribute, owner)},`
}

function kindOf(attribute: Attribute, owner: string): string {
  const { type } = attribute
  const items = ITEMS[`${owner}.${attribute.name}`]
  if (items) return NO_DEFAULT.has(items) ? items : `${items}(${literal(attribute.default)})`
  const kind = typeof type === 'string' ? TYPES[type]?.(attribute) : `textOrNumber(${literal(attribute.default)})`
  if (kind === undefined) throw new Error(`The type of ${attribute.name}, ${JSON.stringify(type)}, is new: say in ${import.meta.filename} what it is.`)
  return attribute.allow_none ? `nullable(${kind})` : kind
}

function call(kind: string, { enum: allowed, default: initial }: Attribute): string {
  const fallback: Readonly<Record<string, string>> = { text: "''", boolean: 'false', integer: '0', number: '0' }
  const value = initial === null ? (allowed ? literal(allowed[0]) : fallback[kind]) : literal(initial)
  return allowed ? `oneOf([${allowed.map(literal).join(', ')}], ${value})` : `${kind}(${value})`
}

function arrayOf({ items, default: initial }: Attribute): string | undefined {
  if (items?.type === 'reference') return 'children'
  if (items?.type === 'string') return `texts(${literal(initial)})`
  return items?.type === 'int' ? `integers(${literal(initial)})` : undefined
}

function camelCase(name: string): string {
  return name.replace(/^_/, '').replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : JSON.stringify(value)
}

if (import.meta.main) writeFileSync(TARGET, generate())
