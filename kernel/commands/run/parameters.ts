import { parseSync } from 'oxc-parser'
import { UsageError } from '../../errors.ts'
import { type Cell, hasTag, isCode, newCodeCell, type Notebook } from './notebook.ts'

const TYPES = { TSStringKeyword: 'string', TSNumberKeyword: 'number', TSBooleanKeyword: 'boolean' } as const

/** A value for a parameter, and how it was written. */
export interface Given {
  readonly name: string
  readonly value: unknown
  readonly text: string
}

/** The type that the notebook gives to a parameter, where it is one of these. */
type DeclaredType = (typeof TYPES)[keyof typeof TYPES] | undefined

/**
 * A notebook with a cell after the one tagged `parameters` (or at the start) that gives other values to its variables;
 * it replaces the one of an earlier run.
 *
 * @param given of two values for a name, the last counts
 * @throws UsageError for a name that the notebook doesn't have, listing those it has, and for a value of another type
 * @example withParameters(notebook, ['name=World', 'count=3'].map(readAssignment))
 */
export function withParameters(notebook: Notebook, given: readonly Given[]): Notebook {
  if (given.length === 0) return notebook
  const cells = notebook.cells.filter((cell) => !hasTag(cell, 'injected-parameters'))
  const at = cells.findIndex(isOfParameters)
  const declared = at === -1 ? undefined : declaredTypes(cells[at]?.source ?? '')
  const statements = new Map(given.map((each) => [each.name, statement(each, declared)]))
  const source = ['// Parameters', ...statements.values()].join('\n')
  return { ...notebook, cells: cells.toSpliced(at + 1, 0, newCodeCell(source, ['injected-parameters'])) }
}

/** What a notebook's parameters are, a line each, and what they are when nobody says otherwise. */
export function describeParameters({ cells }: Notebook): string {
  const source = cells.find(isOfParameters)?.source
  if (source === undefined) return 'The notebook has no cell tagged "parameters": it takes none.'
  const variables = variablesOf(source)
  const width = Math.max(...variables.map(({ name }) => name.length))
  const lines = variables.map(({ name, type, initial }) => `  ${name.padEnd(width)}  ${type ?? 'any'}${initial === undefined ? '' : ` (default: ${initial})`}`)
  return ['Parameters, as in -p NAME=VALUE:', ...lines].join('\n')
}

function isOfParameters(cell: Cell): boolean {
  return isCode(cell) && hasTag(cell, 'parameters')
}

/** The variables that a cell declares, with their types. */
function declaredTypes(source: string): ReadonlyMap<string, DeclaredType> {
  return new Map(variablesOf(source).map(({ name, annotation }) => [name, TYPES[annotation as keyof typeof TYPES]]))
}

interface Variable {
  readonly name: string
  /** What kind of type it is declared with. */
  readonly annotation: string | undefined
  /** Its type and its value, as they are written. */
  readonly type: string | undefined
  readonly initial: string | undefined
}

function variablesOf(source: string): readonly Variable[] {
  const declarations = parseSync('cell.ts', source).program.body.filter((statement) => statement.type === 'VariableDeclaration')
  return declarations.flatMap(({ declarations: variables }) =>
    variables.flatMap(({ id, init }) => {
      if (id.type !== 'Identifier') return []
      const type = id.typeAnnotation?.typeAnnotation
      const text = (node: { readonly start: number; readonly end: number } | null | undefined) => (node ? source.slice(node.start, node.end) : undefined)
      return [{ name: id.name, annotation: type?.type, type: text(type), initial: text(init) }]
    }),
  )
}

/** Reads NAME=VALUE; a value is read as JSON if it is JSON, else as a string. */
export function readAssignment(text: string): Given {
  const [, name, value] = /^([\p{ID_Start}$_][\p{ID_Continue}$]*)=(.*)$/su.exec(text) ?? []
  if (name === undefined || value === undefined) throw new UsageError(`-p ${text}: write NAME=VALUE, such as -p name=World.`)
  return { name, value: parse(value), text: value }
}

function statement({ name, value: given, text }: Given, declared: ReadonlyMap<string, DeclaredType> | undefined): string {
  if (declared && !declared.has(name)) {
    const names = [...declared.keys()].join(', ')
    throw new UsageError(`-p ${name}: the notebook has no such parameter. ${names ? `It has: ${names}.` : 'It has none.'}`)
  }
  const type = declared?.get(name)
  // The name 007 is a string, whatever JSON takes it for.
  const value = type === 'string' && typeof given !== 'string' ? text : given
  if (type && typeof value !== type) throw new UsageError(`-p ${name}=${text}: the notebook wants a ${type}.`)
  return `const ${name}${type ? `: ${type}` : ''} = ${JSON.stringify(value)}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
