import { parseSync } from 'oxc-parser'
import { UsageError } from '../../errors.ts'
import { type Cell, hasTag, isCode, newCodeCell, type Notebook } from './notebook.ts'
import { ANYTHING, declaredType, inferredType, type Type } from './parameter-types.ts'
import { type Given, valuesOf } from './parameter-values.ts'

/** What the variables of one run are to be. */
export type Values = ReadonlyMap<string, unknown>

/**
 * A notebook with a cell after the one tagged `parameters` (or at the start) that gives other values to its variables;
 * it replaces the one of an earlier run.
 *
 * @example withParameters(notebook, new Map([['name', 'World']]))
 */
export function withParameters(notebook: Notebook, values: Values): Notebook {
  if (values.size === 0) return notebook
  const cells = notebook.cells.filter(cell => !hasTag(cell, 'injected-parameters'))
  const at = cells.findIndex(isOfParameters)
  const annotations = new Map(variablesOf(cells[at]?.source ?? '').map(({ name, annotation }) => [name, annotation]))
  const statements = [...values].map(([name, value]) => `const ${name}${annotations.get(name) ? `: ${annotations.get(name)}` : ''} = ${literal(value)}`)
  return { ...notebook, cells: cells.toSpliced(at + 1, 0, newCodeCell(['// Parameters', ...statements].join('\n'), ['injected-parameters'])) }
}

/**
 * The values that each of these parameters is to have.
 *
 * @param given of two for a name, the last counts
 * @throws UsageError for a name that the notebook doesn't have, listing those it has, and for a value of another type
 */
export function checkParameters({ cells }: Notebook, given: readonly Given[]): ReadonlyMap<string, readonly unknown[]> {
  const source = cells.find(isOfParameters)?.source
  const types = source === undefined ? undefined : new Map(variablesOf(source).map(({ name, type }) => [name, type]))
  const last = new Map(given.map(each => [each.name, each]))
  return new Map([...last].map(([name, each]) => [name, valuesOf(typeOf(each, types), each)]))
}

/** What a notebook's parameters are, a line each, and what they are when nobody says otherwise. */
export function describeParameters({ cells }: Notebook): string {
  const source = cells.find(isOfParameters)?.source
  if (source === undefined) return 'The notebook has no cell tagged "parameters": it takes none.'
  const variables = variablesOf(source)
  const width = Math.max(...variables.map(({ name }) => name.length))
  const lines = variables.map(({ name, type, initial }) => `  ${name.padEnd(width)}  ${type.text}${initial === undefined ? '' : ` (default: ${initial})`}`)
  return ['Parameters, as in -p NAME=VALUE:', ...lines].join('\n')
}

/** Reads NAME=VALUE. @throws UsageError for something else */
export function readAssignment(text: string): Given {
  const [, name = '', value = ''] = /^([^=]*)=(.*)$/su.exec(text) ?? []
  if (!isName(name)) throw new UsageError(`-p ${text}: write NAME=VALUE, such as -p name=World.`)
  return { name, place: `-p ${text}`, value: { text: value } }
}

/** Whether a variable may be called so. */
export function isName(text: string): boolean {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text)
}

function isOfParameters(cell: Cell): boolean {
  return isCode(cell) && hasTag(cell, 'parameters')
}

interface Variable {
  readonly name: string
  readonly type: Type
  /** Its type and its value, as they are written. */
  readonly annotation: string | undefined
  readonly initial: string | undefined
}

function variablesOf(source: string): readonly Variable[] {
  const declarations = parseSync('cell.ts', source).program.body.filter(statement => statement.type === 'VariableDeclaration')
  return declarations.flatMap(({ declarations: variables }) =>
    variables.flatMap(({ id, init }) => {
      if (id.type !== 'Identifier') return []
      const annotation = id.typeAnnotation?.typeAnnotation
      const type = annotation ? declaredType(annotation, source) : inferredType(init)
      return [{ name: id.name, type, annotation: annotation && type.text, initial: init ? source.slice(init.start, init.end) : undefined }]
    })
  )
}

function typeOf({ name, place }: Given, types: ReadonlyMap<string, Type> | undefined): Type {
  const type = types ? types.get(name) : ANYTHING
  if (type) return type
  const names = [...(types ?? new Map<string, Type>()).keys()].join(', ')
  throw new UsageError(`${place}: the notebook has no parameter ${name}. ${names ? `It has: ${names}.` : 'It has none.'}`)
}

/** The TypeScript of a value. */
function literal(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'number' || typeof value === 'undefined') return String(value)
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  // In brackets, `__proto__` is only a key.
  return `{ ${Object.entries(value).map(([key, each]) => `${key === '__proto__' ? '["__proto__"]' : JSON.stringify(key)}: ${literal(each)}`).join(', ')} }`
}
