import type { ImportAttribute, ImportDeclaration, Statement, Directive } from 'oxc-parser'
import { importedName, located } from './declarations.ts'
import { runtimeName } from './runtime.ts'
import type { Draft } from './draft.ts'

/** Statements that load a module before the rest of the cell runs. */
export function isImport(statement: Statement | Directive): boolean {
  if (statement.type === 'ExportNamedDeclaration') return statement.source !== null
  return statement.type === 'ImportDeclaration' || statement.type === 'ExportAllDeclaration'
}

/** Drops what only a module may say: imports become statements, of exports remains what they declare. */
export function editModuleSyntax({ edits, program, usedNames, source }: Draft, declare: 'let' | 'const'): void {
  if (program.hashbang) edits.remove(program.hashbang.start, program.hashbang.end)
  for (const statement of program.body) {
    const { start, end } = statement
    if (isOnlyTypes(statement, source)) edits.remove(start, end)
    else if (isImport(statement)) edits.overwrite(start, end, importCode(statement, declare, usedNames))
    else if (statement.type === 'ExportDefaultDeclaration') edits.remove(start, statement.declaration.start)
    else if (statement.type !== 'ExportNamedDeclaration') continue
    else edits.remove(start, statement.declaration?.start ?? end)
  }
}

/** `import { type T } from 'x'` arrives as `import 'x'`, which would load a module that may exist for types only. */
function isOnlyTypes(statement: Statement | Directive, source: string): boolean {
  if (statement.type !== 'ImportDeclaration' || statement.specifiers.length > 0) return false
  return !new RegExp(`import\\s*(?:\\{\\s*\\}\\s*from\\s*)?['"]${RegExp.escape(statement.source.value)}['"]`).test(source)
}

/** Moves imports, and what else is to come first, before the first statement that runs. */
export function hoist({ edits, program }: Draft, comesFirst: (statement: Statement | Directive) => boolean): void {
  const isHoisted = (statement: Statement | Directive): boolean => isImport(statement) || comesFirst(statement)
  const firstRun = program.body.findIndex(statement => !isHoisted(statement))
  const anchor = program.body[firstRun]
  if (!anchor) return
  for (const statement of program.body.slice(firstRun).filter(isHoisted)) {
    edits.move(statement.start, statement.end, anchor.start)
  }
}

/** The statement that does at run time what an import does before it; `declare` is the keyword for what it binds. */
function importCode(statement: Statement | Directive, declare: 'let' | 'const', used: ReadonlySet<string>): string {
  if (statement.type === 'ImportDeclaration') return boundImport(statement, declare, used)
  const reexport = statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportAllDeclaration'
  return reexport && statement.source ? `await ${load(statement.source.value, [], statement.attributes)};` : ''
}

function boundImport(
  { specifiers, source, attributes }: ImportDeclaration,
  declare: 'let' | 'const',
  used: ReadonlySet<string>,
): string {
  const named = specifiers.filter(({ type }) => type !== 'ImportNamespaceSpecifier')
  const namespace = specifiers.find(({ type }) => type === 'ImportNamespaceSpecifier')
  // A name that the cell uses as a type only may well be no value of the module.
  const checked = named.filter(({ local }) => used.has(local.name)).map(importedName)
  const loaded = `await ${load(source.value, checked, attributes)}`
  const pattern = `{${named.map(each => `${JSON.stringify(importedName(each))}: ${each.local.name}`).join(', ')}}`
  if (!namespace) return named.length > 0 ? `${declare} ${pattern} = ${loaded};` : `${loaded};`
  const whole = `${declare} ${namespace.local.name} = ${loaded}`
  return named.length > 0 ? `${whole}, ${pattern} = ${namespace.local.name};` : `${whole};`
}

function load(specifier: string, names: readonly string[], attributes: readonly ImportAttribute[]): string {
  const options = attributes.map(({ key, value }) => {
    return `${JSON.stringify(key.type === 'Literal' ? key.value : key.name)}: ${JSON.stringify(value.value)}`
  })
  const parts = [JSON.stringify(located(specifier))]
  if (names.length > 0 || options.length > 0) parts.push(JSON.stringify(names))
  if (options.length > 0) parts.push(`{with: {${options.join(', ')}}}`)
  return `${runtimeName}.import(${parts.join(', ')})`
}
