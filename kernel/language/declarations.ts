import type {
  BindingPattern, Directive, Expression, ImportDeclaration, Program, Statement, VariableDeclaration,
} from 'oxc-parser'
import { namespaceOf } from './namespaces.ts'
import { boundNames } from './patterns.ts'

/** How a cell declares a top-level name. */
export type Declaration =
  | { readonly kind: 'const' | 'let' | 'var' | 'using' | 'function' | 'class' | 'enum' | 'namespace' }
  /** `imported`: the name of the export, `default`, or `*` for all of the module. */
  | { readonly kind: 'import'; readonly specifier: string; readonly imported: string }

/** Whether assigning to the name is an error. */
export function isConstant(declaration: Declaration): boolean {
  return constantKinds.has(declaration.kind)
}

const constantKinds = new Set(['const', 'using', 'import'])

/** A statement without the `export` before it. */
export function withoutExport(statement: Statement | Directive): Statement | Directive | Expression | null {
  if (statement.type === 'ExportDefaultDeclaration') return statement.declaration as Statement | Expression
  return statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
}

/** The names that the statements of a cell declare, without the `var`s inside of blocks and loops: see `variables`. */
export function declarationsOf(program: Program): Map<string, Declaration> {
  const declared = new Map<string, Declaration>()
  for (const statement of program.body) {
    const bare = withoutExport(statement)
    if (!bare) continue
    if (bare.type === 'ImportDeclaration') importedNames(bare, declared)
    else if (bare.type === 'VariableDeclaration') variables(bare, declared)
    else if (bare.type === 'FunctionDeclaration' && bare.id) declared.set(bare.id.name, { kind: 'function' })
    else if (bare.type === 'ClassDeclaration' && bare.id) declared.set(bare.id.name, { kind: 'class' })
    else if (namespaceOf(bare)) markNamespace(namespaceOf(bare), declared)
  }
  return declared
}

function importedNames({ specifiers, source }: ImportDeclaration, declared: Map<string, Declaration>): void {
  for (const specifier of specifiers) {
    const imported = importedName(specifier)
    declared.set(specifier.local.name, { kind: 'import', specifier: located(source.value), imported })
  }
}

/** Where to import a module from: the helpers of decorators are the kernel's own dependency, not the notebook's. */
export function located(specifier: string): string {
  return isHelper(specifier) ? import.meta.resolve(specifier) : specifier
}

/** Whether a module is one that the transformation brings along. */
export const isHelper = (specifier: string): boolean => /(?:^|\/)@oxc-project\/runtime\//.test(specifier)

/** `default`, `*` or the name of an export. */
export function importedName(specifier: ImportDeclaration['specifiers'][number]): string {
  if (specifier.type === 'ImportDefaultSpecifier') return 'default'
  if (specifier.type === 'ImportNamespaceSpecifier') return '*'
  return specifier.imported.type === 'Literal' ? specifier.imported.value : specifier.imported.name
}

/** Adds the names of a `const`, `let`, `var` or `using`. */
export function variables({ kind, declarations }: VariableDeclaration, declared: Map<string, Declaration>): void {
  const own: Declaration = { kind: kind === 'await using' ? 'using' : kind }
  for (const { id, init } of declarations) {
    const module = kind === 'const' && init ? loadedModule(init) : undefined
    if (module) moduleNames(id, module, declared)
    for (const name of boundNames(id)) if (!declared.has(name)) declared.set(name, own)
    if (id.type === 'Identifier' && init) refine(id.name, init, declared)
  }
}

/** `const fs = require('node:fs')` and `const fs = await import('node:fs')` are imports that workers can repeat. */
function loadedModule(init: Expression): { specifier: string; whole: string } | undefined {
  if (init.type === 'AwaitExpression' && init.argument.type === 'ImportExpression') {
    const { source } = init.argument
    return isText(source) ? { specifier: source.value, whole: '*' } : undefined
  }
  if (init.type !== 'CallExpression') return undefined
  if (init.callee.type !== 'Identifier' || init.callee.name !== 'require') return undefined
  const [source] = init.arguments
  return source?.type === 'Literal' && isText(source) ? { specifier: source.value, whole: 'default' } : undefined
}

const isText = (node: Expression): node is Expression & { type: 'Literal'; value: string } =>
  node.type === 'Literal' && typeof node.value === 'string'

function moduleNames(
  id: BindingPattern,
  { specifier, whole }: { specifier: string; whole: string },
  declared: Map<string, Declaration>,
): void {
  if (id.type === 'Identifier') declared.set(id.name, { kind: 'import', specifier, imported: whole })
  if (id.type !== 'ObjectPattern') return
  for (const part of id.properties) {
    if (part.type !== 'Property' || part.computed || part.key.type !== 'Identifier') continue
    if (part.value.type !== 'Identifier') continue
    declared.set(part.value.name, { kind: 'import', specifier, imported: part.key.name })
  }
}

/** Enums and decorated classes arrive as variables; what they were shows in how they begin. */
function refine(name: string, init: Expression, declared: Map<string, Declaration>): void {
  if (init.type === 'ClassExpression' && init.id?.name === name) declared.set(name, { kind: 'class' })
  if (init.type !== 'CallExpression' || init.callee.type !== 'FunctionExpression') return
  const [parameter] = init.callee.params
  const isEnum = parameter?.type === 'Identifier' && parameter.name === name && init.arguments.length === 1
  if (isEnum) declared.set(name, { kind: 'enum' })
}

/** A class or function that a namespace adds to stays what it is. */
function markNamespace(name: string | undefined, declared: Map<string, Declaration>): void {
  if (name !== undefined && declared.get(name)?.kind === 'let') declared.set(name, { kind: 'namespace' })
}
