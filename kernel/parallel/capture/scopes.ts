import { compileGlobally, openScope, type Compile, type ScopeOfCode } from './compile.ts'
import { globalsId, type Content } from './content.ts'

type Variables = Record<string, unknown>

/** The scopes of a content: each is opened once, so that all functions in it see and write the same variables. */
export class Scopes {
  readonly #content: Content
  readonly #make: (id: number) => unknown
  readonly #outer: ReadonlyMap<number, number>
  readonly #opened = new Map<number, ScopeOfCode>()

  constructor(content: Content, make: (id: number) => unknown) {
    this.#content = content
    this.#make = make
    const { parents } = content
    this.#outer = new Map(parents.flatMap((id, i) => (i % 2 === 0 ? [[id, parents[i + 1]!] as const] : [])))
  }

  /** What compiles code inside a scope; -1 is the notebook's top level. */
  open(id: number): Compile {
    if (id < 0) return compileGlobally
    const known = this.#opened.get(id)
    if (known) return known.compile
    const outer = this.open(this.#outer.get(id)!)
    const names = Object.keys(this.#content.shells[id] as Variables)
    // Its functions use nothing of it, only of what is around it.
    if (names.length === 0) return outer
    const opened = openScope(outer, names)
    this.#opened.set(id, opened)
    return opened.compile
  }

  /** Gives the variables their values. */
  assignAll(): void {
    for (const [id, scope] of this.#opened) scope.assign(this.#content.shells[id] as Variables)
  }

  /** Gives names their values now, as far as they can be made: a class uses them while it comes into being. */
  assignEarly(id: number, names: readonly string[], define: (name: string, value: unknown) => void): void {
    for (let at = id; at >= 0; at = this.#outer.get(at)!) {
      this.#resolve(at, names)
      this.#opened.get(at)?.assign(this.#content.shells[at] as Variables)
    }
    for (const [name, value] of this.#resolve(globalsId, names)) define(name, value)
  }

  #resolve(owner: number, names: readonly string[]): [string, unknown][] {
    const { links } = this.#content
    const variables = this.#content.shells[owner] as Variables
    for (let i = 0; i < links.length; i += 3) {
      const name = links[i + 1] as string
      if (links[i] === owner && names.includes(name)) variables[name] = this.#make(links[i + 2] as number)
    }
    return names.flatMap(name => (Object.hasOwn(variables, name) ? [[name, variables[name]] as [string, unknown]] : []))
  }
}
