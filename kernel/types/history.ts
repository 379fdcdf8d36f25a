import type { CellFacts, NameKind } from '../language/cell-facts.ts'

/** A module of the cells that ran, as text that TypeScript reads. */
export interface Document {
  /** Name of the file that it would be in the notebook's folder. */
  readonly name: string
  readonly text: string
}

/** What code is looked at for: completion gives it all names, else it gets those that it uses. */
export type Purpose = 'complete' | 'inspect' | 'check'

/** Cells in one module at most: it is sent and read again with each of its cells. */
const MOST_CELLS = 100

/**
 * The cells that ran, as modules: a cell that declares a name anew begins the next one, which imports from the others what
 * its cells use. So a name means in each cell what it meant when the cell ran.
 */
export class History {
  readonly #newest = new Map<string, Binding>()
  #modules: CellModule[] = []
  #count = 0

  add(facts: CellFacts): void {
    if (facts.names.size === 0 && !facts.isAmbient) return
    const module = this.#moduleFor(facts)
    for (const name of this.#used(facts)) module.import(name, this.#newest.get(name) as Binding)
    module.add(facts)
    for (const [name, kind] of facts.names) this.#newest.set(name, { module, kind })
    this.#forgetUnused()
  }

  /** The modules, oldest first. */
  documents(): Document[] {
    return this.#modules.map(({ name, text }) => ({ name, text }))
  }

  /**
   * One line that gives code the notebook's names, without those that it declares itself.
   */
  header({ source, names }: Pick<CellFacts, 'source' | 'names'>, purpose: Purpose): string {
    const wanted = purpose === 'complete' ? [...this.#newest.keys()].filter(name => !names.has(name)) : this.#used({ source, names })
    const bindings = wanted.map((name): [string, Binding] => [name, this.#newest.get(name) as Binding])
    // An import tells where a variable comes from and what is said there; whether it may be assigned to is no matter here.
    const given = purpose === 'inspect' ? bindings.map(([name, binding]): [string, Binding] => [name, { ...binding, kind: 'other' }]) : bindings
    return importsOf(new Map(given), this.#modules)
  }

  /** Whether a name was declared by a cell. */
  has(name: string): boolean {
    return this.#newest.has(name)
  }

  clear(): void {
    this.#newest.clear()
    this.#modules = []
  }

  #moduleFor(facts: CellFacts): CellModule {
    const last = this.#modules.at(-1)
    if (last?.takes(facts)) return last
    const module = new CellModule(++this.#count, facts.lang)
    this.#modules.push(module)
    return module
  }

  #used({ source, names }: Pick<CellFacts, 'source' | 'names'>): string[] {
    const words = new Set(source.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu))
    return [...words].filter(word => this.#newest.has(word) && !names.has(word))
  }

  /** A module goes when all its names were declared anew and no other module imports from it. */
  #forgetUnused(): void {
    const used = new Set<CellModule>(this.#modules.filter(module => module.isAmbient))
    const mark = (module: CellModule): void => {
      if (used.has(module) && !module.isAmbient) return
      used.add(module)
      for (const other of module.imported()) if (!used.has(other)) mark(other)
    }
    for (const module of [...used, ...new Set([...this.#newest.values()].map(binding => binding.module))]) mark(module)
    this.#modules = this.#modules.filter(module => used.has(module))
  }
}

interface Binding {
  readonly module: CellModule
  readonly kind: NameKind
}

class CellModule {
  readonly name: string
  /** What others call it. */
  readonly space: string
  isAmbient = false
  readonly #lang: CellFacts['lang']
  readonly #imports = new Map<string, Binding>()
  readonly #declared = new Set<string>()
  readonly #exported = new Set<string>()
  readonly #sources: string[] = []

  constructor(number: number, lang: CellFacts['lang']) {
    this.name = `paracell-cells-${number}.${lang}`
    this.space = `__cells${number}__`
    this.#lang = lang
  }

  takes({ lang, names, exported }: CellFacts): boolean {
    const isNew = [...names.keys()].every(name => !this.#declared.has(name) && !this.#imports.has(name))
    return isNew && lang === this.#lang && exported.isDisjointFrom(this.#exported) && this.#sources.length < MOST_CELLS
  }

  import(name: string, binding: Binding): void {
    if (binding.module !== this) this.#imports.set(name, binding)
  }

  add({ source, names, exported, isAmbient }: CellFacts): void {
    this.#sources.push(source)
    this.isAmbient ||= isAmbient
    for (const name of names.keys()) this.#declared.add(name)
    for (const name of exported) this.#exported.add(name)
  }

  imported(): Set<CellModule> {
    return new Set([...this.#imports.values()].map(({ module }) => module))
  }

  get text(): string {
    const exports = [...this.#declared].filter(name => !this.#exported.has(name))
    return `${importsOf(this.#imports, this.imported())}\n${this.#sources.join('\n;\n')}\n;export { ${exports.join(', ')} }\n`
  }
}

/**
 * Variables are declared again, since an import could not be assigned to. One import a module, and that always: a text whose
 * imports stay the same is read again in a third of the time.
 */
function importsOf(bindings: ReadonlyMap<string, Binding>, modules: Iterable<CellModule>): string {
  const spaces = [...modules].map(({ name, space }) => `import * as ${space} from './${name}';`)
  const names = [...bindings].map(([name, { module: { space }, kind }]) =>
    kind === 'variable' ? `declare let ${name}: typeof ${space}.${name};` : `import ${name} = ${space}.${name};`
  )
  return [...spaces, ...names].join(' ')
}

/** What TypeScript says, without the modules of cells, which are nothing that the user knows. */
export function withoutModules(text: string): string {
  return text.replace(/(?:typeof )?(?:import\("[^"]*paracell-[^"]*"\)\.?|__cells\d+__\.)/g, '').replace(/\[([^\]\n]+)\]\(file:[^)]*\/paracell-[^)]*\)/g, '$1')
}
