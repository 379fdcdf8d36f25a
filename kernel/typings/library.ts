import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { type Statement, statementsOf } from './statements.ts'
import { nodeTypes, typescriptProgram } from './places.ts'

/** Something that declares names. */
export interface Source {
  /** All of a name's declarations in namespaces or a module; of globals: `[]`. */
  statements(name: string, scope: readonly string[]): readonly Statement[]
}

/** What the language and Node declare. It is made for a question and goes with it: the files are read in no time, and would take much memory. */
export class Library implements Source {
  readonly #language: string
  readonly #node: string | undefined
  #languageTexts: readonly string[] | undefined
  readonly #nodeTexts = new Map<string, string>()

  private constructor(language: string, node: string | undefined) {
    this.#language = language
    this.#node = node
  }

  /** For a notebook in this folder. */
  static async of(folder: string): Promise<Library> {
    const node = nodeTypes(folder)
    return new Library(path.dirname(await typescriptProgram()), node && path.dirname(node))
  }

  statements(name: string, scope: readonly string[]): readonly Statement[] {
    this.#languageTexts ??= languageTexts(this.#language)
    const isOfModule = scope[0]?.startsWith('"') ?? false
    const found = isOfModule ? [] : this.#languageTexts.flatMap(text => ambient(text, name, scope))
    return found.length > 0 || this.#node === undefined ? found : this.#nodeStatements(this.#node, name, scope)
  }

  /** The text of one of Node's files. */
  nodeText(name: string): string {
    const file = path.join(this.#node ?? '', name)
    const text = this.#nodeTexts.get(file) ?? (existsSync(file) ? readFileSync(file, 'utf8') : '')
    this.#nodeTexts.set(file, text)
    return text
  }

  /** A name's declarations are together in the files that are called like it, or in one of the others. */
  #nodeStatements(folder: string, name: string, scope: readonly string[]): readonly Statement[] {
    const called = `/${(/^"(?:node:)?([^"]+)"$/.exec(scope[0] ?? '')?.[1] ?? name).toLowerCase()}.`
    const files = Array.from(this.nodeText('index.d.ts').matchAll(/^\/\/\/ <reference path="([^"]+)"/gm), ([, file = '']) => file)
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
  const isModule = /^(?:export|import)\b/m.test(text)
  const shared = statements.filter(statement => !isModule || /^(?:global$|")/.test(statement.scope[0] ?? ''))
  const inside = shared.map(statement => ({ ...statement, scope: statement.scope.slice(statement.scope.indexOf('global') + 1) }))
  return within(inside, scope)
}

/** In the order in which TypeScript reads them, which is that of overloads. */
function languageTexts(folder: string): string[] {
  const texts = new Map<string, string>()
  const read = (library: string): void => {
    if (texts.has(library)) return
    const text = readFileSync(path.join(folder, `lib.${library}.d.ts`), 'utf8')
    texts.set(library, '')
    for (const [, other = ''] of text.matchAll(/^\/\/\/ <reference lib="([^"]+)"/gm)) read(other)
    texts.delete(library)
    texts.set(library, text)
  }
  read('esnext')
  return [...texts.values()]
}

/** Those that are directly in a scope. */
export const within = (statements: readonly Statement[], scope: readonly string[]): readonly Statement[] =>
  statements.filter(statement => statement.scope.join(' ') === scope.join(' '))
