import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { Language } from './language.ts'
import { referencesOf, type Statement, statementsOf } from './statements.ts'
import { nodeTypes } from './places.ts'

/** Something that declares names. */
export interface Source {
  /** All of a name's declarations in namespaces or a module; of globals: `[]`. */
  statements(name: string, scope: readonly string[]): readonly Statement[]
}

/** What the language and Node declare. It is made for a question and goes with it: the files are read in no time, and would take much memory. */
export class Library implements Source {
  readonly #language: Language
  readonly #folder: string
  #node: { readonly types: string | undefined } | undefined
  readonly #nodeTexts = new Map<string, string>()

  private constructor(language: Language, folder: string) {
    this.#language = language
    this.#folder = folder
  }

  /** For a notebook in this folder. */
  static async of(folder: string): Promise<Library> {
    return new Library(await Language.installed(), folder)
  }

  statements(name: string, scope: readonly string[]): readonly Statement[] {
    const isOfModule = scope[0]?.startsWith('"') ?? false
    const found = isOfModule ? [] : this.#language.textsFor(scope[0] ?? name).flatMap(text => ambient(text, name, scope))
    const node = found.length > 0 ? undefined : this.#nodeFolder()
    return node === undefined ? found : this.#nodeStatements(node, name, scope)
  }

  /** Where Node's types are, which is looked for when the language doesn't declare a name. */
  #nodeFolder(): string | undefined {
    const { types } = (this.#node ??= { types: nodeTypes(this.#folder) })
    return types && path.dirname(types)
  }

  /** The text of one of Node's files. */
  nodeText(name: string): string {
    const file = path.join(this.#nodeFolder() ?? '', name)
    const text = this.#nodeTexts.get(file) ?? (existsSync(file) ? readFileSync(file, 'utf8') : '')
    this.#nodeTexts.set(file, text)
    return text
  }

  /** A name's declarations are together in the files that are called like it, or in one of the others. */
  #nodeStatements(folder: string, name: string, scope: readonly string[]): readonly Statement[] {
    const called = `/${(/^"(?:node:)?([^"]+)"$/.exec(scope[0] ?? '')?.[1] ?? name).toLowerCase()}.`
    const files = referencesOf(this.nodeText('index.d.ts'), 'path')
    const isLikely = (file: string): boolean => `/${file}`.startsWith(called) || this.#nodeTexts.has(path.join(folder, file))
    const [likely, others] = [files.filter(isLikely), files.filter(file => !isLikely(file))]
    const found = likely.flatMap(file => ambient(this.nodeText(file), name, scope))
    if (found.length > 0) return found
    const [globals, modules] = [others.filter(file => file.includes('globals')), others.filter(file => !file.includes('globals'))]
    for (const file of [...globals, ...modules]) {
      const [first, ...more] = ambient(this.nodeText(file), name, scope)
      if (first) return [first, ...more]
    }
    return []
  }
}

/** What a file declares for all: of one that is a module itself, what it adds to the globals and to other modules. */
function ambient(text: string, name: string, scope: readonly string[]): readonly Statement[] {
  const statements = statementsOf(text, name)
  if (statements.length === 0) return []
  const isModule = ['export', 'import'].some(word => text.startsWith(`${word} `) || text.includes(`\n${word} `))
  const shared = statements.filter(statement => !isModule || /^(?:global$|")/.test(statement.scope[0] ?? ''))
  const inside = shared.map(statement => ({ ...statement, scope: statement.scope.slice(statement.scope.indexOf('global') + 1) }))
  return within(inside, scope)
}

/** Those that are directly in a scope. */
export const within = (statements: readonly Statement[], scope: readonly string[]): readonly Statement[] =>
  statements.filter(statement => statement.scope.join(' ') === scope.join(' '))
