import type { CompletionItem, CompletionList, Diagnostic, Hover, LocationLink } from 'vscode-languageserver-types'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { CellFacts } from '../language/cell-facts.ts'
import type { Explanation } from '../language/explanation.ts'
import { isInMagic, readCell, readUnfinished, type TypedCell } from './cell.ts'
import { type TypedCompletion, typedCompletion } from './completions.ts'
import { problemsOf, type TypeProblem } from './diagnostics.ts'
import { History, type Purpose } from './history.ts'
import { readHover, readSignature, readSource } from './inspections.ts'
import { toServer } from './positions.ts'
import type { ServerKeeper } from './server-keeper.ts'

/** A question's document in the server's eyes. */
interface Asked {
  readonly textDocument: { readonly uri: string }
}

/** Answers questions about the notebook's types. Rejects what the language server can't answer now. */
export class TypeService {
  readonly #keeper: ServerKeeper
  readonly #history = new History()

  /** The keeper is whose it was. */
  constructor(keeper: ServerKeeper) {
    this.#keeper = keeper
  }

  /** Takes a cell that ran: what it declares is the notebook's from now on. */
  remember(code: string): void {
    const cell = readCell(code)
    if (!cell) return
    for (const name of cell.assigned) this.#history.add(assignment(name))
    if (!cell.isLocal) this.#history.add(cell.facts)
  }

  /** The variables are gone. */
  forget(): void {
    this.#history.clear()
  }

  /** A check of a cell among the cells that were remembered so far, whenever it is made. It finds none in what is no TypeScript. */
  check(code: string, isStrict = false): () => Promise<TypeProblem[]> {
    const cell = readCell(code)
    if (!cell) return async () => []
    const ask = this.#question<{ items: Diagnostic[] }>('textDocument/diagnostic', cell, 'check', {})
    const isFromElsewhere = (name: string): boolean => this.#history.has(name) && !cell.facts.names.has(name)
    return async () => {
      const { items } = await ask()
      const hasConfiguration = existsSync(path.join(this.#keeper.folder, 'tsconfig.json'))
      return problemsOf(items, { source: cell.facts.source, isFromElsewhere, hasConfiguration, isStrict })
    }
  }

  async complete(code: string, offset: number): Promise<TypedCompletion | undefined> {
    const cell = readUnfinished(code)
    if (!cell || isInMagic(code, offset)) return undefined
    const found = await this.#ask<CompletionList | CompletionItem[] | null>('textDocument/completion', cell, 'complete', { position: toServer(code, offset) })
    return typedCompletion(Array.isArray(found) ? found : (found?.items ?? []), code, offset)
  }

  async inspect(code: string, offset: number, detail: 0 | 1): Promise<Explanation | undefined> {
    const cell = readUnfinished(code)
    if (!cell || isInMagic(code, offset)) return undefined
    const start = wordAt(code, offset)
    if (start === undefined) return readSignature(await this.#ask('textDocument/signatureHelp', cell, 'inspect', { position: toServer(code, offset) }))
    const position = toServer(code, start)
    const hover = readHover(await this.#ask<Hover | null>('textDocument/hover', cell, 'inspect', { position }))
    if (!hover || detail === 0) return hover
    const links = await this.#ask<LocationLink[] | null>('textDocument/definition', cell, 'inspect', { position })
    const source = await readSource(links, uri => this.#keeper.project?.text(uri))
    return source === undefined ? hover : { ...hover, source }
  }

  #ask<T extends object | null>(method: string, cell: TypedCell, purpose: Purpose, question: object): Promise<T> {
    return this.#question<T>(method, cell, purpose, question)()
  }

  #globals({ source, names }: CellFacts, purpose: Purpose): string {
    const wanted = Object.keys(globals).filter(name => !names.has(name) && !this.#history.has(name) && (purpose === 'complete' || source.includes(name)))
    return wanted.map(name => globals[name]).join(' ')
  }

  /** The names mean what they mean now; asked is later. */
  #question<T extends object | null>(method: string, cell: TypedCell, purpose: Purpose, question: object): () => Promise<T> {
    const { facts, given, around: [before, after] } = cell
    // Without a statement in between, TypeScript takes the first word for one of the last import's.
    const header = [given, this.#globals(facts, purpose), this.#history.header(facts, purpose), ';', before].join(' ')
    return () => this.#keeper.use(async (server, project) => {
      const name = `paracell-input.${facts.lang}`
      project.update(this.#history.documents(), { name, text: `${header}\n${facts.source}${after}` })
      const asked: Asked = { textDocument: { uri: project.uri(name) } }
      return server.request<T>(method, { ...asked, ...question })
    })
  }
}

/** Where the word begins that an offset touches; undefined for strings' and other places. */
function wordAt(code: string, offset: number): number | undefined {
  const before = /[\p{ID_Continue}$#]*$/u.exec(code.slice(0, offset))?.[0].length ?? 0
  const after = /^[\p{ID_Continue}$]*/u.exec(code.slice(offset))?.[0].length ?? 0
  const word = code.slice(offset - before, offset + after)
  return /^[\p{ID_Start}$_#]/u.test(word) ? offset - before : undefined
}

const assignment = (name: string): Parameters<History['add']>[0] => ({
  source: `let ${name}: any`, lang: 'ts', names: new Map([[name, 'variable']]), exported: new Set(), isAmbient: false
})

/** What only Paracell's cells have. */
const globals: Readonly<Record<string, string>> = {
  prompt: 'declare function prompt(message?: string, fallback?: string | null): string | null;',
  confirm: 'declare function confirm(message?: string): boolean;',
  alert: 'declare function alert(message?: string): void;',
  input: 'declare function input(message?: string, options?: { readonly password?: boolean }): Promise<string>;',
  cell: 'declare const cell: { readonly signal: AbortSignal };',
  In: 'declare const In: readonly string[];',
  Out: 'declare const Out: Readonly<Record<number, any>>;',
  _: 'declare var _: any;',
  __: 'declare var __: any;',
  ___: 'declare var ___: any;'
}
