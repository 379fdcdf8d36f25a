import { parseSync } from 'oxc-parser'
import { UsageError } from '../../errors.ts'
import { hasTag, isCode, newCodeCell, type Notebook } from './notebook.ts'

const TYPES = { TSStringKeyword: 'string', TSNumberKeyword: 'number', TSBooleanKeyword: 'boolean' } as const

/** The type that the notebook gives to a parameter, where it is one of these. */
type DeclaredType = (typeof TYPES)[keyof typeof TYPES] | undefined

/**
 * A notebook with a cell after the one tagged `parameters` (or at the start) that gives other values to its variables;
 * it replaces the one of an earlier run.
 *
 * @param given NAME=VALUE; a value is read as JSON if it is JSON, else as a string
 * @throws UsageError for a name that the notebook doesn't have, listing those it has, and for a value of another type
 * @example withParameters(notebook, ['name=World', 'count=3'])
 */
export function withParameters(notebook: Notebook, given: readonly string[]): Notebook {
  if (given.length === 0) return notebook
  const cells = notebook.cells.filter((cell) => !hasTag(cell, 'injected-parameters'))
  const at = cells.findIndex((cell) => isCode(cell) && hasTag(cell, 'parameters'))
  const declared = at === -1 ? undefined : declaredTypes(cells[at]?.source ?? '')
  const statements = new Map(given.map((text) => split(text)).map(({ name, value }) => [name, statement(name, value, declared)]))
  const source = ['// Parameters', ...statements.values()].join('\n')
  return { ...notebook, cells: cells.toSpliced(at + 1, 0, newCodeCell(source, ['injected-parameters'])) }
}

/** The variables that a cell declares, with their types. */
function declaredTypes(source: string): ReadonlyMap<string, DeclaredType> {
  const declarations = parseSync('cell.ts', source).program.body.filter((statement) => statement.type === 'VariableDeclaration')
  const types = declarations.flatMap(({ declarations: variables }) =>
    variables.flatMap(({ id }) => {
      if (id.type !== 'Identifier') return []
      const type = id.typeAnnotation?.typeAnnotation.type as keyof typeof TYPES | undefined
      return [[id.name, type && TYPES[type]] as const]
    }),
  )
  return new Map(types)
}

function split(text: string): { name: string; value: string } {
  const [, name, value] = /^([\p{ID_Start}$_][\p{ID_Continue}$]*)=(.*)$/su.exec(text) ?? []
  if (name === undefined || value === undefined) throw new UsageError(`-p ${text}: write NAME=VALUE, such as -p name=World.`)
  return { name, value }
}

function statement(name: string, text: string, declared: ReadonlyMap<string, DeclaredType> | undefined): string {
  if (declared && !declared.has(name)) {
    const names = [...declared.keys()].join(', ')
    throw new UsageError(`-p ${name}: the notebook has no such parameter. ${names ? `It has: ${names}.` : 'It has none.'}`)
  }
  const type = declared?.get(name)
  const parsed = parse(text)
  // The name 007 is a string, whatever JSON takes it for.
  const value = type === 'string' && typeof parsed !== 'string' ? text : parsed
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
