import { comms } from '../comms/comms.ts'
import { toMimeBundle, toShown } from '../display/mime.ts'
import { constants, type CellRuntime, instances } from '../language/runtime.ts'
import { CellSyntaxError, type TransformedCell } from '../language/transform.ts'
import { asksToLeave } from '../magics/leave.ts'
import { runMagics } from '../magics/magics.ts'
import { misplacedMagic } from '../magics/misplaced.ts'
import { parseMagics } from '../magics/parse.ts'
import { beforeHiding } from '../parallel/capture/globals.ts'
import { rememberScript } from '../parallel/capture/script-urls.ts'
import type { WorkerPlace } from '../parallel/protocol.ts'
import { Interrupted } from '../errors.ts'
import type { Sink } from '../output/sink.ts'
import { isA, toCellError } from './cell-error.ts'
import { Broken, type Evaluator, withResolvers } from './evaluate.ts'
import type { Input } from './input.ts'
import type { Modules } from '../runtime/modules.ts'
import { magicSession } from './magic-session.ts'
import type { Notebook } from './notebook.ts'
import { endWith, runAs, workingCell } from './owner.ts'
import type { CellRequest, CellResult, Owner, SessionEvent } from './protocol.ts'
import { Results } from './results.ts'
import { cancelTimersOf, dropTicksOf } from './timers.ts'
import { locate, whoRuns } from './whereabouts.ts'

// Cells may overwrite these.
const Stop = AbortController
const Disposables = AsyncDisposableStack

export interface SessionParts {
  readonly sink: Sink
  readonly evaluator: Evaluator
  readonly notebook: Notebook
  readonly modules: Modules
  readonly input: Input
  /** Whether an interrupt is under way. */
  readonly isInterrupted: () => boolean
}

/** Runs cells, one at a time, and tells the front what they show. */
export class Cells {
  readonly #parts: SessionParts
  #value: unknown
  #disposables = new Disposables()
  #reject: (reason: unknown) => void = () => undefined
  #stop = new Stop()
  #silent = 0
  readonly #runtime: CellRuntime
  readonly #results = new Results()
  #running = ''
  #file = ''
  /** The cell that was interrupted last. */
  #doomed = ''
  /** Cells that have begun and not ended. */
  readonly #open = new Set<string>()
  #result: CellResult | undefined
  /** What the running cell shows at its end, together with that. */
  #last: SessionEvent[] = []
  /** Where its workers were when it was interrupted. */
  #places: readonly WorkerPlace[] = []
  /** What the cell failed with by the interrupt, of which the main thread has not been told yet. */
  #failure: { readonly error: unknown } | undefined
  /** What its reply tells the front end to do. */
  #payload: unknown[] = []

  constructor(parts: SessionParts) {
    this.#parts = parts
    this.#runtime = this.#makeRuntime()
    Object.defineProperty(globalThis, '__paracell__', { value: this.#runtime })
  }

  /** Runs a cell to its end. The `done` event is the last thing that it puts out. */
  async run(request: CellRequest): Promise<void> {
    const owner: Owner = { cell: request.cell }
    this.#open.add(request.cell)
    this.#result = await runAs(owner, () => this.#guard(owner, request.cellId, () => this.#execute(request, owner)))
    this.#end(request.cell)
  }

  #end(cell: string): void {
    if (!this.#result || !this.#open.has(cell)) return
    this.#parts.sink.end([...this.#last, { type: 'done', cell, result: this.#result }])
    // Not before: an interrupt may end the writing.
    this.#open.delete(cell)
    this.#last = []
    this.#result = undefined
  }

  /** Called when the main thread was seen to be well after an interrupt. */
  allowTicks: () => void = () => undefined

  /** Whether a cell has begun and not ended. */
  get isRunning(): boolean {
    return this.#open.size > 0
  }

  isOpen(cell: string): boolean {
    return this.#open.has(cell)
  }

  /** Ends the running cell, wherever it waits; one that is yet to come will not begin. */
  interrupt(cell: string, places: readonly WorkerPlace[]): void {
    this.#doomed = cell
    if (!this.isRunning) return
    this.#places = places
    cancelTimersOf(this.#running)
    this.allowTicks()
    this.allowTicks = dropTicksOf(this.#running)
    this.#stop.abort(new Interrupted())
    this.#parts.evaluator.interrupt()
    this.#reject(this.#interrupted())
    // It was ended just when it had nothing left to do but say so.
    if (this.#result) this.endInterrupted()
  }

  /** Ends the interrupted cell here and now: what would have done so may have been ended together with its code. */
  endInterrupted(): void {
    if (!this.isRunning) return
    this.#result = this.#fail({ cell: this.#running }, this.#interrupted())
    this.#end(this.#running)
  }

  /** A child program that was ended by the interrupt is an error of its own. */
  #interrupted(): Interrupted {
    return this.#failure ? interruptedBy(this.#failure.error) : new Interrupted()
  }

  async #guard(owner: Owner, cellId: string | undefined, work: () => Promise<CellResult>): Promise<CellResult> {
    this.#begin(owner, cellId)
    try {
      return await this.#orInterrupt(work())
    } catch (thrown) {
      if (isA(Broken, thrown)) throw thrown
      return this.#fail(owner, thrown)
    }
  }

  /** Like `Promise.race`, but without anything that a cell may have overwritten. */
  #orInterrupt<T>(work: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = withResolvers<T>()
    this.#reject = reject
    const follow = async (): Promise<void> => {
      try {
        resolve(await work)
      } catch (error) {
        // The word of the interrupt is on its way, and says where the cell's workers were.
        if (this.#parts.isInterrupted() && !isA(Interrupted, error) && !isA(Broken, error)) this.#failure = { error }
        else reject(error)
      }
    }
    void follow()
    return promise
  }

  #fail(owner: Owner, error: unknown): CellResult {
    if (isA(Interrupted, error)) locate(error, { runtime: this.#runtime, cell: this.#parts.notebook.cell(this.#file), file: this.#file, places: this.#places })
    const shown = toCellError(error)
    this.#last = [{ type: 'error', owner, error: shown }]
    return { status: 'error', error: shown }
  }

  #begin(owner: Owner, cellId: string | undefined): void {
    this.#running = owner.cell
    this.#places = []
    this.#failure = undefined
    if (cellId !== undefined) comms()?.begin(cellId, owner.cell)
    this.#payload = []
    this.#runtime.stack = this.#runtime.at = undefined
    this.#parts.sink.begin()
    this.#disposables = new Disposables()
    this.#stop = new Stop()
    endWith(owner, this.#stop.signal)
  }

  async #execute(request: CellRequest, owner: Owner): Promise<CellResult> {
    if (request.cell === this.#doomed) throw new Interrupted()
    this.#parts.input.allowed = request.allowStdin
    const { signal } = this.#stop
    if (request.count > 0) this.#results.begin(request.count, request.code)
    const value = await this.#valueOf(request)
    if (value !== undefined && !request.silent && !signal.aborted) {
      if (request.count > 0) this.#results.add(request.count, value)
      const shown = await toShown(value)
      if (Object.keys(shown.data).length > 0) this.#last.push({ type: 'result', owner, ...shown })
    }
    return { status: 'ok', userExpressions: await this.#userExpressions(request.userExpressions), payload: this.#payload }
  }

  async #valueOf(request: CellRequest): Promise<unknown> {
    const file = request.count > 0 ? `cell-${request.count}.ts` : `silent-${++this.#silent}.ts`
    await using disposables = this.#disposables
    void disposables
    const magics = parseMagics(request.code)
    if (!magics) return await this.#evaluate(request.code, file)
    this.#file = file
    const evaluate = (code: string, name: string) => this.#evaluate(code, name)
    return await runMagics(magics, magicSession({ ...this.#parts, file, signal: this.#stop.signal, payload: this.#payload, evaluate }))
  }

  async #evaluate(code: string, file: string): Promise<unknown> {
    try {
      return await this.#evaluatePlain(code, file)
    } catch (error) {
      if (asksToLeave(code, error)) return void this.#payload.push({ source: 'ask_exit', keepkernel: false })
      const hint = misplacedMagic(code, error)
      if (hint) console.error(hint)
      throw error
    }
  }

  async #evaluatePlain(code: string, file: string): Promise<unknown> {
    const { evaluator } = this.#parts
    const cell = this.#transform(code, file)
    rememberScript(file, cell.code)
    this.#file = file
    await this.#loadBefore(cell)
    this.#value = undefined
    const outcome = await evaluator.evaluate(cell.code)
    if (outcome.status === 'thrown') throw isOfReading(outcome.error) ? new CellSyntaxError('The code is nested too deeply', code, 0) : outcome.error
    const value = this.#value
    this.#value = undefined
    return value
  }

  /** Where not even the simplest of cells can be transformed, no cell will ever run again. */
  #transform(code: string, file: string): TransformedCell {
    const { notebook } = this.#parts
    try {
      return notebook.transform(code, file, 'session')
    } catch (error) {
      if (isA(CellSyntaxError, error)) throw error
      try {
        notebook.transform(`${++this.#silent}`, 'silent.ts', 'session')
      } catch {
        throw new Broken(toCellError(error).evalue)
      }
      throw error
    }
  }

  /**
   * What makes Node load parts of its own, which use globals by name, comes before a cell that imports `paracell` or
   * declares such a name: its own `Event` hides the global one as soon as it begins, before it even has a value.
   */
  async #loadBefore({ declared }: TransformedCell): Promise<void> {
    for (const name of declared.keys()) beforeHiding(name)
    const wanted = [...declared.values()].some(each => each.kind === 'import' && each.specifier.startsWith('paracell'))
    if (wanted) await this.#parts.modules.import('paracell')
  }

  async #userExpressions(expressions: Readonly<Record<string, string>>): Promise<Record<string, unknown>> {
    const answers: Record<string, unknown> = {}
    for (const [name, code] of Object.entries(expressions)) {
      try {
        const value = await this.#evaluate(code, `expression-${++this.#silent}.ts`)
        answers[name] = { status: 'ok', data: await toMimeBundle(value), metadata: {} }
      } catch (thrown) {
        answers[name] = { status: 'error', ...toCellError(thrown) }
      }
    }
    return answers
  }

  #stopCode(force: boolean, cells?: readonly string[]): void {
    if (cells && !cells.includes(workingCell())) return
    const who = whoRuns()
    if (who === 'user') this.#runtime.stack = new Error().stack
    if (who === 'user' || (force && who === 'kernel')) this.#parts.evaluator.terminate()
  }

  #makeRuntime(): CellRuntime {
    const { modules, evaluator } = this.#parts
    return {
      constants,
      instances,
      endStale: controls => {
        if (comms()?.makesStale(controls)) evaluator.terminate()
      },
      meta: modules.meta,
      import: (specifier, names) => modules.import(specifier, names),
      result: value => {
        this.#value = value
      },
      use: value => this.#disposables.use(value as Disposable) as typeof value,
      useAsync: value => this.#disposables.use(value as AsyncDisposable) as typeof value,
      stop: (force, cells) => this.#stopCode(force, cells)
    }
  }
}

/** V8 reads code by recursion: where that comes to the end of the stack, no code ran that could be in a trace. */
function isOfReading(error: unknown): boolean {
  return isA(RangeError, error) && error.stack === 'RangeError: Maximum call stack size exceeded'
}

function interruptedBy(error: unknown): Interrupted {
  const { stack } = Object(error) as Error
  return Object.assign(new Interrupted(), typeof stack === 'string' ? { stack } : {})
}
