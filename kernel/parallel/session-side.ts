import type { MessagePort } from 'node:worker_threads'
import type { Declaration } from '../language/declarations.ts'
import type { Evaluator } from '../session/evaluate.ts'
import type { Notebook } from '../session/notebook.ts'
import { functionFacts } from './capture/function-facts.ts'
import type { Binding, Scope } from './capture/parcel.ts'
import { HubClient } from './client/client.ts'
import { enterRealm } from './client/realm.ts'
import { portLink } from './links.ts'
import type { FromHub, ToHub } from './protocol.ts'
import { serveVariables } from './share/owner.ts'

interface Accessor {
  get(): unknown
  set(value: unknown): void
}

/** Links the session's main thread with the hub, and gives workers what they may know of the notebook. */
export function connectSession(port: MessagePort, { evaluator, notebook }: { evaluator: Evaluator; notebook: Notebook }): void {
  const link = portLink<ToHub, FromHub>(port)
  const client = new HubClient(link)
  const variables = new Variables(evaluator, notebook)
  enterRealm({ client, scope: variables, cellSource: file => notebook.source(file), processName: 'MainProcess', threadName: 'MainThread' })
  link.listen(message => {
    if (message.type === 'serve') serveVariables(message.end.port, variables, message.end.memory)
    else client.receive(message)
  })
}

/** The notebook's top-level names, read and written from outside of the cells. */
class Variables implements Scope {
  readonly #evaluator: Evaluator
  readonly #notebook: Notebook
  readonly #accessors = new Map<string, Accessor>()
  readonly location = (fn: Function) => functionFacts().location(fn)
  readonly closure = (fn: Function) => functionFacts().closure(fn)
  readonly bound = (fn: Function) => functionFacts().bound(fn)

  constructor(evaluator: Evaluator, notebook: Notebook) {
    this.#evaluator = evaluator
    this.#notebook = notebook
  }

  has(name: string): boolean {
    return this.#notebook.declaration(name) !== undefined
  }

  get(name: string): unknown {
    return this.#accessor(name).get()
  }

  set(name: string, value: unknown): void {
    const declaration = this.#notebook.declaration(name)
    if (declaration?.kind === 'const' || declaration?.kind === 'import') throw new TypeError('Assignment to constant variable.')
    this.#accessor(name).set(value)
  }

  lookup(name: string): Binding | undefined {
    const declaration = this.#notebook.declaration(name)
    if (!declaration) return undefined
    return declaration.kind === 'import' ? declaration : { kind: 'variable', value: this.get(name), constant: isDefinition(declaration) }
  }

  /** Closures that reach the binding itself: a later cell that declares the name anew gives it the same place. */
  #accessor(name: string): Accessor {
    let accessor = this.#accessors.get(name)
    if (!accessor) {
      const parameter = name === 'value' ? 'other' : 'value'
      accessor = this.#evaluator.evaluateNow(`({ get: () => ${name}, set: ${parameter} => { ${name} = ${parameter} } })`) as Accessor
      this.#accessors.set(name, accessor)
    }
    return accessor
  }
}

/** Names that are never assigned to. */
function isDefinition(declaration: Declaration): boolean {
  return declaration.kind !== 'let' && declaration.kind !== 'var'
}
