import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../entry-file.ts'
import { languageTypes } from './places.ts'
import { globalsOf, referencesOf } from './statements.ts'

/** Which files declare the language's globals: to read them all takes longer than the rest of an answer. */
export interface LanguageIndex {
  /** Of TypeScript, since another one has other files. */
  readonly version: string
  /** In the order in which TypeScript reads them, which is that of overloads. */
  readonly files: readonly string[]
  /** A name, and the places in `files` of those that declare it. */
  readonly globals: Readonly<Record<string, readonly number[]>>
}

/** The name of the index, which is made by the build. */
export const INDEX_FILE = 'language-index.json'

/** The files that declare the language, which are TypeScript's. */
export class Language {
  readonly #folder: string
  readonly #index: LanguageIndex | undefined
  readonly #texts = new Map<string, string>()

  /** `index`: without it, or where it is of another TypeScript, all files are read. */
  constructor(folder: string, index: LanguageIndex | undefined) {
    this.#folder = folder
    this.#index = index?.version === versionOf(folder) ? index : undefined
  }

  static async installed(): Promise<Language> {
    return new Language(await languageTypes(), builtIndex())
  }

  /** The texts in which a global may be declared. */
  textsFor(global: string): readonly string[] {
    if (!this.#index) return this.#all().map(([, text]) => text)
    const { files, globals } = this.#index
    const places = Object.hasOwn(globals, global) ? (globals[global] ?? []) : []
    return places.map(place => this.#read(files[place] ?? ''))
  }

  index(): LanguageIndex {
    const all = this.#all()
    const globals: Record<string, number[]> = {}
    for (const [place, [, text]] of all.entries()) for (const name of globalsOf(text)) (globals[name] ??= []).push(place)
    return { version: versionOf(this.#folder) ?? '', files: all.map(([file]) => file), globals }
  }

  #all(): readonly (readonly [file: string, text: string])[] {
    const read = new Set<string>()
    const withOthers = (library: string): (readonly [string, string])[] => {
      const file = `lib.${library}.d.ts`
      if (read.has(file)) return []
      read.add(file)
      const text = this.#read(file)
      return [...referencesOf(text, 'lib').flatMap(withOthers), [file, text]]
    }
    return withOthers('esnext')
  }

  #read(file: string): string {
    const text = this.#texts.get(file) ?? readFileSync(path.join(this.#folder, file), 'utf8')
    this.#texts.set(file, text)
    return text
  }
}

function versionOf(folder: string): string | undefined {
  return json<{ readonly version?: string }>(path.join(folder, '..', 'package.json'))?.version
}

const builtIndex = (): LanguageIndex | undefined => json(new URL(INDEX_FILE, ROOT))

function json<T>(file: string | URL): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    // It goes without.
    return undefined
  }
}
