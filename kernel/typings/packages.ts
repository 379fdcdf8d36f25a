import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseSync, type Directive, type Statement as Syntax } from 'oxc-parser'
import { type Source, within } from './library.ts'
import { typesOf } from './places.ts'
import { referencesOf, type Statement, statementsOf } from './statements.ts'

/** What a name stands for: declarations, or a module as a whole, whose exports can be asked for. */
export interface Meaning {
  readonly source: Source
  readonly statements: readonly Statement[]
  /** Where only a member of it is meant. */
  readonly member?: string
  /** What a module exports by a name. */
  readonly exported?: (name: string) => Meaning | undefined
}

/** Files beyond so many bytes take too long to parse. */
const LARGEST = 400_000
/** A name that isn't found in so many files is left to TypeScript. */
const MOST_FILES = 100

/** The modules of packages, each read once for a question. */
export class Packages {
  readonly #globals: Source
  readonly #files = new Map<string, ModuleFile | undefined>()

  constructor(globals: Source) {
    this.#globals = globals
  }

  /** What is imported by a specifier from a folder; undefined where that has no types, or too many. */
  open(specifier: string, folder: string): Meaning | undefined {
    const module = this.#module(specifier, folder)
    return module && { source: module, statements: [], exported: name => this.#exportOf(module, name, new Set()) }
  }

  #module(specifier: string, folder: string): ModuleFile | undefined {
    const file = typesOf(specifier, folder)
    if (file === undefined || (!this.#files.has(file) && this.#files.size >= MOST_FILES)) return undefined
    if (!this.#files.has(file)) this.#files.set(file, statSync(file).size > LARGEST ? undefined : new ModuleFile(file, this.#globals))
    return this.#files.get(file)
  }

  #exportOf(module: ModuleFile, name: string, seen: Set<ModuleFile>): Meaning | undefined {
    if (seen.has(module)) return undefined
    seen.add(module)
    const whole = module.whole
    if (whole !== undefined) {
      const meaning = this.#localOf(module, whole, seen)
      return meaning && name !== 'default' ? { ...meaning, member: name } : meaning
    }
    if (module.mentions(name)) {
      for (const statement of module.body) {
        const found = this.#exportBy(module, statement, name, seen)
        if (found) return found
      }
    }
    return name === 'default' ? undefined : this.#exportOfOthers(module, name, seen)
  }

  /** A file that is called like what it exports comes first. */
  #exportOfOthers(module: ModuleFile, name: string, seen: Set<ModuleFile>): Meaning | undefined {
    const isCalled = (specifier: string): boolean => path.basename(specifier).split('.')[0] === name
    for (const specifier of module.passedOn.toSorted((a, b) => Number(isCalled(b)) - Number(isCalled(a)))) {
      const other = this.#module(specifier, module.folder)
      const found = other && this.#exportOf(other, name, seen)
      if (found) return found
    }
    return undefined
  }

  #exportBy(module: ModuleFile, statement: Syntax | Directive, name: string, seen: Set<ModuleFile>): Meaning | undefined {
    if (statement.type === 'ExportDefaultDeclaration' && name === 'default') {
      const local = declaredName(statement.declaration)
      return local === undefined ? undefined : this.#localOf(module, local, seen)
    }
    if (statement.type !== 'ExportNamedDeclaration') return undefined
    if (statement.declaration) return declaredName(statement.declaration) === name ? this.#localOf(module, name, seen) : undefined
    const specifier = statement.specifiers.find(({ exported }) => textOf(exported) === name)
    if (!specifier) return undefined
    const local = textOf(specifier.local)
    return statement.source ? this.#exportOfOther(module, statement.source.value, local, seen) : this.#localOf(module, local, seen)
  }

  /** What the file calls so: it imports it, or declares it. */
  #localOf(module: ModuleFile, name: string, seen: Set<ModuleFile>): Meaning | undefined {
    for (const statement of module.body) {
      const specifier = statement.type === 'ImportDeclaration' && statement.specifiers.find(({ local }) => local.name === name)
      if (!specifier) continue
      if (specifier.type === 'ImportNamespaceSpecifier') return this.open(statement.source.value, module.folder)
      return this.#exportOfOther(module, statement.source.value, specifier.type === 'ImportDefaultSpecifier' ? 'default' : textOf(specifier.imported), seen)
    }
    const statements = module.own(name, [])
    return statements.length > 0 ? { source: module, statements } : undefined
  }

  #exportOfOther(module: ModuleFile, specifier: string, name: string, seen: Set<ModuleFile>): Meaning | undefined {
    const other = this.#module(specifier, module.folder)
    return other && this.#exportOf(other, name, seen)
  }
}

const textOf = (name: { type: string; name?: string; value?: unknown }): string => String(name.name ?? name.value)

/** The name of a declaration, or the name that is exported as it is. */
function declaredName(node: { type: string; name?: unknown; id?: unknown; declarations?: unknown }): string | undefined {
  const [first] = (node.declarations ?? [node]) as { name?: string; id?: { name?: string } | null }[]
  return node.type === 'Identifier' ? String(node.name) : first?.id?.name
}

/** A file with types that is a module. */
class ModuleFile implements Source {
  readonly folder: string
  readonly #file: string
  readonly #text: string
  readonly #globals: Source
  #body: readonly (Syntax | Directive)[] | undefined
  #parts: readonly string[] | undefined

  constructor(file: string, globals: Source) {
    this.folder = path.dirname(file)
    this.#file = file
    this.#text = readFileSync(file, 'utf8')
    this.#globals = globals
  }

  get body(): readonly (Syntax | Directive)[] {
    return (this.#body ??= parseSync(this.#file, this.#text, { sourceType: 'module' }).program.body)
  }

  /** The modules all of whose exports are its own. */
  get passedOn(): string[] {
    return [...this.#text.matchAll(/^\s*export \* from ["']([^"']+)["']/gm)].map(([, specifier = '']) => specifier)
  }

  /** The name of what is all that it exports. */
  get whole(): string | undefined {
    return /^export = ([\w$]+);?$/m.exec(this.#text)?.[1]
  }

  mentions(name: string): boolean {
    return this.#text.includes(name)
  }

  statements(name: string, scope: readonly string[]): readonly Statement[] {
    const own = this.own(name, scope)
    return own.length > 0 ? own : this.#globals.statements(name, scope)
  }

  /** Its own declarations, and those by which the files that it names add to it. */
  own(name: string, scope: readonly string[]): readonly Statement[] {
    const own = statementsOf(this.#text, name)
    if (scope[0] === undefined || scope[0] !== this.whole) return within(own, scope)
    this.#parts ??= referencesOf(this.#text, 'path').map(part => readFileSync(path.join(this.folder, part), 'utf8'))
    const added = this.#parts.flatMap(part => statementsOf(part, name)).map(each => ({ ...each, scope: /^["']\.\.?\//.test(each.scope[0] ?? '') ? [scope[0] as string, ...each.scope.slice(1)] : each.scope }))
    return within([...own, ...added], scope)
  }
}
