import { Session, type Runtime } from 'node:inspector'
import { functionFacts } from '../../../kernel/parallel/capture/function-facts.ts'
import type { Binding, Scope } from '../../../kernel/parallel/capture/parcel.ts'

/** A notebook of cells that were really run, as V8's REPL runs them. */
export class Cells implements Scope {
  readonly modules = new Map<string, object>()
  readonly location = functionFacts().location
  readonly closure = functionFacts().closure
  readonly bound = functionFacts().bound
  readonly #session = new Session()
  readonly #imports = new Map<string, Binding>()
  readonly #kinds = new Map<string, string>()
  #count = 0

  constructor() {
    this.#session.connect()
  }

  async run(code: string): Promise<void> {
    for (const [, kind, name] of code.matchAll(declaration)) this.#kinds.set(name!, kind!)
    const expression = `'use strict'; ${code}\n//# sourceURL=cell-${++this.#count}.ts`
    await new Promise<void>((resolve, reject) => {
      this.#session.post('Runtime.evaluate', { expression, replMode: true }, (error: Error | null, answer?: object) => {
        const failed = error ?? exceptionOf(answer)
        if (failed) reject(new Error(`The cell failed: ${String(failed)}`))
        else resolve()
      })
    })
  }

  /** The value of an expression that may use the cells' variables. */
  value(expression: string): unknown {
    let taken: unknown
    Object.assign(globalThis, { take: (value: unknown) => (taken = value) })
    const parameters = { expression: `'use strict'; take(${expression}\n)`, silent: true }
    this.#session.post('Runtime.evaluate', parameters, (_: Error | null, answer?: object) => {
      const failed = exceptionOf(answer)
      if (failed) throw new Error(failed)
    })
    return taken
  }

  async import(name: string, specifier: string, imported: string): Promise<void> {
    const namespace = (await import(specifier)) as object
    this.modules.set(specifier, namespace)
    this.#imports.set(name, { kind: 'import', specifier, imported })
    Object.assign(globalThis, { imported: imported === '*' ? namespace : Reflect.get(namespace, imported) })
    await this.run(`const ${name} = imported`)
  }

  lookup(name: string): Binding | undefined {
    const kind = this.#kinds.get(name)
    if (!kind) return undefined
    return this.#imports.get(name) ?? { kind: 'variable', value: this.value(name), constant: kind !== 'let' }
  }
}

const declaration = /^(let|const|function|class|async function|function\*) (\w+)/gm

const exceptionOf = (answer: object | undefined): string | undefined =>
  (answer as Runtime.EvaluateReturnType | undefined)?.exceptionDetails?.exception?.description
