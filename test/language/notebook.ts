import { type Runtime, Session } from 'node:inspector/promises'
import { createRequire } from 'node:module'
import { isConstant } from '../../kernel/language/declarations.ts'
import { constants, instances, type CellRuntime } from '../../kernel/language/runtime.ts'
import { transformCell, type TransformedCell } from '../../kernel/language/transform.ts'

/** Runs cells as the session does: one after the other in V8's REPL mode. */
export class Notebook implements Disposable {
  readonly #session = new Session()
  readonly #constants = new Set<string>()
  #value: unknown
  #count = 0

  constructor() {
    this.#session.connect()
  }

  /** The value of the last of the cells, `undefined` where it shows none. Throws what a cell throws. */
  async run(...cells: readonly string[]): Promise<unknown> {
    for (const cell of cells) await this.#runCell(cell)
    return this.#value
  }

  async #runCell(source: string): Promise<void> {
    const filename = `cell-${++this.#count}.ts`
    const cell = transformCell(source, { filename, form: 'session', constants: this.#constants })
    this.#value = undefined
    Object.assign(globalThis, { __paracell__: this.#runtime(), require: createRequire(import.meta.url), caught: undefined })
    const parameters = { expression: cell.code, replMode: true, awaitPromise: true }
    const { exceptionDetails } = await this.#session.post('Runtime.evaluate', parameters) as unknown as Runtime.EvaluateReturnType
    this.#remember(cell)
    if (exceptionDetails) await this.#rethrow(exceptionDetails.exception?.objectId, exceptionDetails.exception?.value, cell)
  }

  #runtime(): CellRuntime {
    return {
      constants,
      instances,
      meta: { url: 'file:///notebook.ipynb' },
      import: async (specifier, names = [], options) => {
        const module = await import(String(specifier), options as ImportCallOptions)
        for (const name of names) if (!(name in module)) throw new SyntaxError(`${specifier} has no export '${name}'`)
        return module
      },
      result: value => void (this.#value = value),
      use: value => value,
      useAsync: value => value,
    }
  }

  #remember({ declared }: TransformedCell): void {
    for (const [name, declaration] of declared) {
      if (isConstant(declaration)) this.#constants.add(name)
      else this.#constants.delete(name)
    }
  }

  async #rethrow(objectId: string | undefined, value: unknown, cell: TransformedCell): Promise<never> {
    if (objectId === undefined) throw value
    await this.#session.post('Runtime.callFunctionOn', { objectId, functionDeclaration: 'function () { globalThis.caught = this }' })
    const error = Reflect.get(globalThis, 'caught')
    if (error instanceof Error) error.stack = mapped(error.stack ?? '', cell)
    throw error
  }

  [Symbol.dispose](): void {
    this.#session.disconnect()
  }
}

/** The stack with the positions of the cell's own text. */
function mapped(stack: string, cell: TransformedCell): string {
  return stack.replace(/(cell-\d+\.ts):(\d+):(\d+)/g, (_, file: string, line: string, column: string) => {
    const place = cell.original(Number(line), Number(column))
    return `${file}:${place?.line ?? '?'}:${place?.column ?? '?'}`
  })
}
