import { parseSync, type Node, type Program } from 'oxc-parser'
import { walk } from 'oxc-walker'
import { withoutExport } from './declarations.ts'
import { isTooDeep } from './depth.ts'
import { boundNames } from './patterns.ts'
import { tokenize } from './tokens.ts'

/** `variable`: what may be assigned to. */
export type NameKind = 'variable' | 'other'

/** What a cell gives to the cells after it, types included. */
export interface CellFacts {
  readonly source: string
  readonly lang: 'ts' | 'tsx'
  /** Values, types and namespaces that it declares at its top level, or imports. */
  readonly names: ReadonlyMap<string, NameKind>
  /** Names that it exports itself. */
  readonly exported: ReadonlySet<string>
  /** Whether it adds to the globals or to other modules. */
  readonly isAmbient: boolean
}

/**
 * What a cell declares; undefined where it is no TypeScript.
 *
 * @example
 * cellFacts('interface A {}\nlet b = 1')?.names // Map { 'A' => 'other', 'b' => 'variable' }
 */
export function cellFacts(source: string): CellFacts | undefined {
  if (isTooDeep(source)) return undefined
  for (const lang of ['ts', 'tsx'] as const) {
    const { program, errors } = parseSync(`cell.${lang}`, source, { lang, sourceType: 'module' })
    if (errors.length === 0) return { source, lang, ...factsOf(program) }
  }
  return undefined
}

/** The same for code that is being written, from its words. */
export function roughFacts(source: string): CellFacts {
  const tokens = tokenize(source)
  const names = new Map<string, NameKind>()
  for (const [index, { text, kind }] of tokens.entries()) {
    if (kind !== 'name' || !declaring.has(text)) continue
    const end = tokens.findIndex((token, at) => at > index && /^[=;(:]$|^(?:from|of|in)$/.test(token.text))
    const isPattern = /^[[{*]$/.test(tokens[index + 1]?.text ?? '')
    const bound = isPattern ? tokens.slice(index + 1, end < 0 ? undefined : end) : tokens.slice(index + 1, index + 2)
    for (const token of bound) if (token.kind === 'name') names.set(token.text, 'other')
  }
  return { source, lang: /<\/|\/>/.test(source) ? 'tsx' : 'ts', names, exported: new Set(), isAmbient: false }
}

const declaring = new Set(['const', 'let', 'var', 'using', 'function', 'class', 'enum', 'namespace', 'interface', 'type', 'import'])

function factsOf(program: Program): Pick<CellFacts, 'names' | 'exported' | 'isAmbient'> {
  const names = new Map<string, NameKind>()
  const exported = new Set<string>()
  let isAmbient = false
  for (const statement of program.body) {
    const bare = withoutExport(statement)
    const declared = bare ? declaredBy(bare) : []
    for (const [name, kind] of declared) names.set(name, kind)
    if (statement.type === 'ExportDefaultDeclaration') exported.add('default')
    if (statement.type !== 'ExportNamedDeclaration') isAmbient ||= bare?.type === 'TSModuleDeclaration' && declared.length === 0
    else for (const name of statement.specifiers.flatMap(({ exported: to }) => (to.type === 'Identifier' ? [to.name] : []))) exported.add(name)
    if (statement.type === 'ExportNamedDeclaration') for (const [name] of declared) exported.add(name)
  }
  for (const name of nestedVariables(program)) if (!names.has(name)) names.set(name, 'variable')
  return { names, exported, isAmbient }
}

function declaredBy(node: Node): [string, NameKind][] {
  if (node.type === 'VariableDeclaration') {
    const kind = node.kind === 'let' || node.kind === 'var' ? 'variable' : 'other'
    return node.declarations.flatMap(({ id }) => boundNames(id)).map(name => [name, kind])
  }
  if (node.type === 'ImportDeclaration') return node.specifiers.map(({ local }) => [local.name, 'other'])
  const named = declarations.has(node.type) && 'id' in node ? (node.id as { type: string; name?: string } | null) : null
  return named?.type === 'Identifier' && named.name !== undefined && named.name !== 'global' ? [[named.name, 'other']] : []
}

const declarations = new Set([
  'FunctionDeclaration', 'TSDeclareFunction', 'ClassDeclaration', 'TSInterfaceDeclaration', 'TSTypeAliasDeclaration', 'TSEnumDeclaration',
  'TSModuleDeclaration', 'TSImportEqualsDeclaration'
])

/** `var` inside of blocks and loops belongs to the notebook as well. */
function nestedVariables(program: Program): string[] {
  const names: string[] = []
  walk(program, {
    enter(node) {
      if (/Function|^ClassBody$|^TSModuleBlock$/.test(node.type)) this.skip()
      else if (node.type === 'VariableDeclaration' && node.kind === 'var') names.push(...node.declarations.flatMap(({ id }) => boundNames(id)))
    }
  })
  return names
}
