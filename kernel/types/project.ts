import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { aliasesIn } from '../language/aliases.ts'
import { nodeTypes, ownTypes } from '../typings/places.ts'
import type { Document } from './history.ts'
import type { LanguageServer } from './language-server.ts'

/** Files that exist only in the server's eyes, in the notebook's folder, so that imports and a tsconfig.json there count. */
const CONFIGURATION = 'tsconfig.json'
const ORIGINAL = 'paracell-original-tsconfig.json'
/** A project of next to nothing. */
const EMPTY = JSON.stringify({ compilerOptions: { noLib: true }, files: [CONFIGURATION, ORIGINAL].map(name => `./${name}`), include: [] })

/** The notebook as a project of the language server. */
export class Project {
  readonly #server: LanguageServer
  readonly #folder: string
  readonly #open = new Map<string, { version: number; text: string }>()
  readonly #modified = new Map<string, number | undefined>()
  /** What the configuration lists; a changed list is read anew, so it begins with what will be there soon. */
  #listed: ReadonlySet<string> = new Set(['paracell-input.ts', 'paracell-cells-1.ts'])

  constructor(server: LanguageServer, folder: string) {
    this.#server = server
    this.#folder = folder
    this.#configure()
  }

  /** Reads Node's types and the language's own, so that the first question finds them there. */
  async warmUp(): Promise<void> {
    for (const name of this.#listed) this.#show(name, 'export {}')
    await this.#server.request('textDocument/hover', { textDocument: { uri: this.uri('paracell-input.ts') }, position: { line: 0, character: 0 } })
  }

  /** Brings the server up to date: the modules of cells, and the one that is asked about. */
  update(documents: readonly Document[], asked: Document): void {
    const names = [...documents, asked].map(({ name }) => name)
    if (!names.every(name => this.#listed.has(name))) this.#listed = new Set(['paracell-input.ts', ...names])
    this.#configure()
    for (const { name, text } of documents) this.#show(name, text)
    this.#show(asked.name, asked.text)
    const wanted = new Set([CONFIGURATION, ORIGINAL, ...documents.map(({ name }) => name)])
    for (const name of this.#open.keys()) if (!wanted.has(name) && !name.startsWith('paracell-input')) this.#close(name)
    this.#tellChanges([...documents, asked])
  }

  /** As the server names a document. */
  uri(name: string): string {
    return pathToFileURL(path.join(this.#folder, name)).href
  }

  /** The text of one of the documents. */
  text(uri: string): string | undefined {
    return this.#open.get(path.basename(fileURLToPath(uri)))?.text
  }

  #configure(): void {
    const file = path.join(this.#folder, CONFIGURATION)
    const own = existsSync(file) ? readFileSync(file, 'utf8') : undefined
    // The folder's own configuration must never be seen as such: it may be one of a large project.
    if (own !== undefined && !this.#open.has(CONFIGURATION)) this.#show(CONFIGURATION, EMPTY)
    if (own !== undefined) this.#show(ORIGINAL, own)
    const isKnown = this.#open.has(CONFIGURATION)
    const isNew = this.#show(CONFIGURATION, JSON.stringify(configuration(this.#folder, own !== undefined, [...this.#listed])))
    if (isKnown && isNew) this.#showAgain()
  }

  /** Where a file is the only one that changes, the server reads all that the folder's package.json names, to offer imports of that in it. */
  #showAgain(): void {
    const [name, { text } = { text: '' }] = [...this.#open].find(([other]) => other !== CONFIGURATION) ?? []
    if (name !== undefined) this.#send(name, text)
  }

  /** Whether the server didn't have it so. */
  #show(name: string, text: string): boolean {
    const isNew = this.#open.get(name)?.text !== text
    if (isNew) this.#send(name, text)
    return isNew
  }

  #send(name: string, text: string): void {
    const before = this.#open.get(name)
    const version = (before?.version ?? 0) + 1
    this.#open.set(name, { version, text })
    const uri = this.uri(name)
    if (before) this.#server.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ text }] })
    else this.#server.notify('textDocument/didOpen', { textDocument: { uri, version, text, languageId: languageOf(name) } })
  }

  #close(name: string): void {
    this.#open.delete(name)
    this.#server.notify('textDocument/didClose', { textDocument: { uri: this.uri(name) } })
  }

  /** Nobody watches the disk: local files that cells import are looked at before each question. */
  #tellChanges(documents: readonly Document[]): void {
    const specifiers = documents.flatMap(({ text }) => [...text.matchAll(/['"](\.{1,2}\/[^'"\n]+)['"]/g)].map(([, specifier = '']) => specifier))
    const files = new Set(specifiers.filter(specifier => !specifier.startsWith('./paracell-cells-')).map(specifier => path.join(this.#folder, specifier)))
    const changes = [...files].flatMap(file => this.#changeOf(file))
    if (changes.length > 0) this.#server.notify('workspace/didChangeWatchedFiles', { changes })
  }

  #changeOf(file: string): { uri: string; type: number }[] {
    const isKnown = this.#modified.has(file)
    const before = this.#modified.get(file)
    const now = modifiedAt(file)
    this.#modified.set(file, now)
    if (!isKnown || before === now) return []
    return [{ uri: pathToFileURL(file).href, type: before === undefined ? FileChange.created : now === undefined ? FileChange.deleted : FileChange.changed }]
  }
}

const FileChange = { created: 1, changed: 2, deleted: 3 } as const

const languages: Readonly<Record<string, string>> = { '.json': 'json', '.ts': 'typescript', '.tsx': 'typescriptreact' }
const languageOf = (name: string): string => languages[path.extname(name)] ?? 'typescript'

/**
 * How the cells are compiled whatever a tsconfig.json says, since it is Paracell that runs them; what may be chosen comes from that file,
 * or is strict.
 */
function configuration(folder: string, hasOwn: boolean, files: readonly string[]): object {
  const compilerOptions = {
    ...(hasOwn ? {} : { strict: true, useUnknownInCatchVariables: false, lib: ['esnext'] }),
    target: 'esnext', module: 'preserve', moduleResolution: 'bundler', moduleDetection: 'force', jsx: 'preserve',
    noEmit: true, composite: false, incremental: false, declaration: false, isolatedModules: false, verbatimModuleSyntax: false, erasableSyntaxOnly: false,
    allowImportingTsExtensions: true, resolveJsonModule: true, allowJs: true, skipLibCheck: true, noUnusedLocals: false, noUnusedParameters: false,
    paths: { ...aliasesIn(folder), paracell: [ownTypes()] }
  }
  // A document of no project would get one of its own, with libraries of its own: so this one has all of them.
  const node = nodeTypes(folder)
  const names = [CONFIGURATION, ...(hasOwn ? [ORIGINAL] : []), ...files]
  return { ...(hasOwn ? { extends: `./${ORIGINAL}` } : {}), compilerOptions, files: [...(node === undefined ? [] : [node]), ...names.map(name => `./${name}`)], include: [] }
}

function modifiedAt(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs
}
