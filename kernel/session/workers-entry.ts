/** What the session needs for threads and processes. Loaded when a cell first asks for it: most of the code is here. */
import type { MessagePort } from 'node:worker_threads'
import '../api.ts'
import type { Declaration } from '../language/declarations.ts'
import { capture } from '../parallel/capture/capture.ts'
import { functionFacts } from '../parallel/capture/function-facts.ts'
import { isOfNotebook } from '../parallel/capture/globals.ts'
import type { Binding, Mode, Parcel, Scope } from '../parallel/capture/parcel.ts'
import { HubClient, type Place } from '../parallel/client/client.ts'
import { enterRealm } from '../parallel/client/realm.ts'
import { portLink } from '../parallel/links.ts'
import type { FromHub, ToHub } from '../parallel/protocol.ts'
import { serveVariables } from '../parallel/share/owner.ts'
import type { LoadedModules, Modules } from '../runtime/modules.ts'
import type { PackageFiles } from '../runtime/package-files.ts'
import type { Evaluator } from './evaluate.ts'
import type { Notebook } from './notebook.ts'
import type { CellRequest } from './protocol.ts'

/** Stacks leave it out. */
const UNSEEN = '\n//# sourceURL=node:internal/variables'

interface Accessor {
  get(): unknown
  set(value: unknown): void
}

export interface Parts {
  readonly evaluator: Evaluator
  readonly notebook: Notebook
  readonly modules: Modules
  readonly place: Place
}

/**
 * Links the session's main thread with the hub, gives workers what they may know of the notebook, and lets them get
 * ready. Returns what tells the hub of each cell.
 */
export function connectSession(port: MessagePort, { evaluator, notebook, modules, place }: Parts): (cell: CellRequest) => void {
  const link = portLink<ToHub, FromHub>(port)
  const client = new HubClient(link, place)
  const variables = new Variables(evaluator, notebook, modules)
  enterRealm({ client, scope: variables, cellSource: file => notebook.source(file), processName: 'MainProcess', threadName: 'MainThread', folder: String(modules.meta['dirname']) })
  link.listen(message => {
    if (message.type === 'serve') serveVariables(message.end.port, variables, message.end.memory)
    else client.receive(message)
  })
  client.tell({ type: 'warm' })
  return ({ cell, count }) => client.tell({ type: 'cell', cell, count })
}

/** The notebook's top-level names, read and written from outside of the cells. */
class Variables implements Scope {
  readonly #evaluator: Evaluator
  readonly #notebook: Notebook
  readonly #accessors = new Map<string, Accessor>()
  readonly location = (fn: Function) => functionFacts().location(fn)
  readonly closure = (fn: Function) => functionFacts().closure(fn)
  readonly bound = (fn: Function) => functionFacts().bound(fn)

  readonly modules: LoadedModules
  readonly files: PackageFiles

  constructor(evaluator: Evaluator, notebook: Notebook, { loaded, files }: Modules) {
    this.modules = loaded
    this.files = files
    this.#evaluator = evaluator
    this.#notebook = notebook
  }

  names(): Iterable<string> {
    return this.#notebook.names()
  }

  has(name: string): boolean {
    return this.#notebook.declaration(name) !== undefined || isOfNotebook(name)
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
    if (!declaration) return isOfNotebook(name) ? { kind: 'variable', value: this.get(name), constant: false } : undefined
    return declaration.kind === 'import' ? declaration : { kind: 'variable', value: this.get(name), constant: isDefinition(declaration) }
  }

  capture(values: readonly unknown[], mode: Mode): Parcel {
    return capture(values, this, mode, 'objects of the notebook')
  }

  /** Closures that reach the binding itself: a later cell that declares the name anew gives it the same place. */
  #accessor(name: string): Accessor {
    let accessor = this.#accessors.get(name)
    if (!accessor) {
      const parameter = name === 'value' ? 'other' : 'value'
      accessor = this.#evaluator.evaluateNow(`({ get: () => ${name}, set: ${parameter} => { ${name} = ${parameter} } })${UNSEEN}`) as Accessor
      this.#accessors.set(name, accessor)
    }
    return accessor
  }
}

/** Names that are never assigned to. */
function isDefinition(declaration: Declaration): boolean {
  return declaration.kind !== 'let' && declaration.kind !== 'var'
}
