import { setImmediate as immediate, setTimeout as pause } from 'node:timers/promises'
import { completionContext, isMemberFromElsewhere } from '../language/completion.ts'
import { saysLeave } from '../magics/leave.ts'
import { isMagic } from '../magics/questions.ts'
import type { AnswerOf, Inspection, LiveInspection, Question } from '../session/protocol.ts'
import type { TypeProblem } from './diagnostics.ts'
import { readMode, type TypesMode } from './mode.ts'
import type { ServerKeeper } from './server-keeper.ts'
import type { TypeService } from './service.ts'

/** Milliseconds that TypeScript may take before the values alone answer. */
const PATIENCE = 1000
/** Milliseconds that it may take to come, where the cells and the values tell much of what it would say. */
const FIRST_PATIENCE = 250
/** Milliseconds that the values may take once TypeScript has answered: a cell that blocks keeps the session from looking. */
const LIVE_PATIENCE = 50
/** Milliseconds that a cell waits for the check without which it may not run. */
const STRICT_PATIENCE = 10_000
/** Milliseconds that the values have to answer alone while TypeScript is not there yet. */
const ALONE_PATIENCE = 50
/** A cell that runs so long is checked while it runs. In milliseconds. */
const LONG = 2000
/** Milliseconds without a cell before those that ran are checked, so that a row of cells isn't slowed. */
const QUIET = 5
/** After so many milliseconds of cells without a pause the server starts meanwhile: it takes processors from short ones. */
const LONG_ROW = 1000
/** Milliseconds without a question before a cell is checked: who writes asks often, and first. */
const CALM = 50
/** Cells that are kept until somebody asks for types. */
const MOST_UNREAD = 1000

export interface TypesOptions {
  /** Of the notebook. */
  readonly folder: string
  /** Gets one line when types can't be had. */
  readonly log: (line: string) => void
  /** Shows a cell's type errors, as text. */
  readonly warn: (cell: string, text: string) => void
  /** Which of these names mean something in the session. */
  readonly known: (names: readonly string[]) => Promise<readonly string[]>
}

type InspectQuestion = Extract<Question, { type: 'inspect' }>

type Both<T, L> = readonly [typed: T | undefined, values: () => Promise<L>]

type Check = () => Promise<readonly TypeProblem[]>

interface RanCell {
  readonly id: string
  readonly code: string
  readonly isToCheck: boolean
  /** What it failed with, where it has ended. */
  failure?: string
}

/** What TypeScript knows about the notebook. It loads nothing before it is first needed, and the cells never wait for it. */
export class Types implements AsyncDisposable {
  mode: TypesMode = readMode(process.env['PARACELL_TYPES'])
  readonly #options: TypesOptions
  #keeper: Promise<ServerKeeper> | undefined
  #loaded: ServerKeeper | undefined
  #service: Promise<TypeService> | undefined
  #unread: RanCell[] = []
  #newest: RanCell | undefined
  #timer: NodeJS.Timeout | undefined
  #reading: Promise<void> = Promise.resolve()
  #checked: Promise<void> = Promise.resolve()
  #asked: Promise<unknown> = Promise.resolve()
  #lastAsked = -CALM
  #lastEnded = -Infinity
  /** When the cells began that have followed each other without a pause. */
  #rowSince = 0
  #closed = false

  constructor(options: TypesOptions) {
    this.#options = options
  }

  /** A cell begins; it is checked when it has ended, or has run for a while. `isQuiet`: one that nobody looks at. */
  begin(id: string, code: string, isQuiet: boolean): void {
    const at = performance.now()
    if (at - this.#lastEnded > QUIET) this.#rowSince = at
    this.#newest = { id, code, isToCheck: this.mode === 'warn' && !isQuiet && /\p{ID_Start}/u.test(code) && !saysLeave(code) }
    this.#unread.push(this.#newest)
    if (this.#unread.length > MOST_UNREAD) this.#unread.shift()
    this.#checkIn(LONG)
  }

  /** The cell that began last has ended. What its `failure` says already is not said again. */
  end(failure?: string): void {
    this.#lastEnded = performance.now()
    if (this.#newest && failure !== undefined) this.#newest.failure = failure
    if (this.#newest?.isToCheck && !this.#closed && this.#lastEnded - this.#rowSince > LONG_ROW) void this.#prepare()
    this.#checkIn(QUIET)
  }

  get #isReady(): boolean {
    return this.#loaded?.isReady ?? false
  }

  /** The session lost its variables. */
  forget(): void {
    this.#unread = []
    void this.#service?.then(service => service.forget())
  }

  /** The type errors of a cell that is to run, as text; undefined where there are none, or they can't be had. */
  async errorsOf(code: string): Promise<string | undefined> {
    return within(STRICT_PATIENCE, this.#ask(service => this.#describe(service.check(code, true), { code })))
  }

  async complete(question: Extract<Question, { type: 'complete' }>, live: () => Promise<AnswerOf['complete']>): Promise<AnswerOf['complete']> {
    const { code, offset } = question
    if (isMagic(code, offset)) return live()
    const patience = ({ matches }: AnswerOf['complete']): number => (matches.length > 0 && isMemberFromElsewhere(code, offset) ? 0 : PATIENCE)
    const [typed, values] = await this.#both(service => service.complete(code, offset), live, patience)
    if (!typed) return values()
    const { merged } = await import('./completions.ts')
    const onlyTyped = typed.isSpecial && completionContext(code, offset).kind !== 'member'
    return merged(typed, onlyTyped ? undefined : typed.items.length === 0 ? await values() : await within(LIVE_PATIENCE, values()), offset)
  }

  async inspect(question: InspectQuestion, ask: (question: InspectQuestion) => Promise<AnswerOf['inspect']>): Promise<Inspection> {
    const { code, offset, detail } = question
    const isAlone = !this.#isReady
    const live = (): Promise<AnswerOf['inspect']> => ask(isAlone ? { ...question, isAlone } : question)
    if (isMagic(code, offset)) return live()
    const patience = ({ types }: AnswerOf['inspect']): number => (types === 'all' ? 0 : types === 'some' ? FIRST_PATIENCE : PATIENCE)
    const [typed, values] = await this.#both(service => service.inspect(code, offset, detail), live, patience)
    if (!typed) return alone(await values())
    const { mergedInspection } = await import('./inspections.ts')
    return mergedInspection(typed, await within(LIVE_PATIENCE, values()))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    const keeper = await this.#keeper?.catch(() => undefined)
    await keeper?.[Symbol.asyncDispose]()
  }

  /**
   * Asks the session at the same time, since it may be the only one to answer.
   * `patience`: how long that answer may wait for TypeScript while it is yet to come.
   */
  async #both<T, L>(work: (service: TypeService) => Promise<T>, live: () => Promise<L>, patience: (answer: L) => number): Promise<Both<T, L>> {
    clearTimeout(this.#timer)
    const values = live()
    if (this.mode === 'none') return [undefined, () => values]
    const left = values.then(patience).catch(() => PATIENCE)
    const isReady = this.#isReady
    if (!isReady && (await within(ALONE_PATIENCE, left)) === 0) {
      this.#readIn(QUIET)
      return [undefined, () => values]
    }
    const asked = within(PATIENCE, this.#ask(work))
    this.#asked = asked
    const typed = await (isReady ? asked : Promise.race([asked, left.then(milliseconds => pause(milliseconds, undefined, { ref: false }))]))
    this.#lastAsked = performance.now()
    return [typed, () => values]
  }

  async #ask<T>(work: (service: TypeService) => Promise<T>): Promise<T> {
    const service = await (this.#service ??= this.#load())
    await (this.#reading = this.#reading.then(() => this.#read(service)))
    return work(service)
  }

  async #load(): Promise<TypeService> {
    this.#loaded = await this.#prepare()
    const { TypeService } = await import('./service.ts')
    return new TypeService(this.#loaded)
  }

  #prepare(): Promise<ServerKeeper> {
    return (this.#keeper ??= this.#startServer())
  }

  async #startServer(): Promise<ServerKeeper> {
    const { ServerKeeper } = await import('./server-keeper.ts')
    const keeper = new ServerKeeper(this.#options.folder, this.#options.log)
    keeper.prepare()
    return keeper
  }

  /** Cell after cell, so that each is checked among those before it; in between, the kernel has other things to do. */
  async #read(service: TypeService): Promise<void> {
    for (let cell = this.#unread.shift(); cell && !this.#closed; cell = this.#unread.shift()) {
      if (cell.isToCheck && this.mode === 'warn') this.#checkNext(cell, service.check(cell.code))
      service.remember(cell.code)
      await immediate()
    }
  }

  #checkIn(milliseconds: number): void {
    clearTimeout(this.#timer)
    if (this.#unread.some(({ isToCheck }) => isToCheck)) this.#readIn(milliseconds)
  }

  #readIn(milliseconds: number): void {
    clearTimeout(this.#timer)
    if (!this.#closed) this.#timer = setTimeout(() => void this.#ask(async () => undefined), milliseconds)
  }

  /** One at a time, and who asks for help comes first. */
  #checkNext(cell: RanCell, check: Check): void {
    this.#checked = this.#checked.then(async () => {
      await this.#calm()
      // What keeps TypeScript from answering was logged once; it is no matter of each cell.
      const text = this.#closed ? undefined : await this.#describe(check, cell).catch(() => undefined)
      if (text !== undefined && !this.#closed) this.#options.warn(cell.id, text)
    })
  }

  async #calm(): Promise<void> {
    await this.#asked
    for (let left = this.#untilCalm(); left > 0 && !this.#closed; left = this.#untilCalm()) {
      await pause(left, undefined, { ref: false })
      await this.#asked
    }
  }

  #untilCalm(): number {
    return this.#lastAsked + CALM - performance.now()
  }

  async #describe(check: Check, cell: Pick<RanCell, 'code' | 'failure'>): Promise<string | undefined> {
    const problems = await check()
    if (problems.length === 0) return undefined
    const { describeProblems, unknownName } = await import('./diagnostics.ts')
    const unknown = problems.flatMap(problem => unknownName(problem) ?? [])
    // Where the session can't say it soon, a name gets the benefit of the doubt.
    const known = unknown.length === 0 ? [] : ((await within(PATIENCE, this.#options.known(unknown))) ?? unknown)
    const isSaid = (name: string): boolean => known.includes(name) || (cell.failure?.includes(`${name} is not defined`) ?? false)
    const sure = problems.filter(problem => !isSaid(unknownName(problem) ?? ''))
    return sure.length === 0 ? undefined : describeProblems(sure, cell.code)
  }
}

const alone = ({ found, data, metadata }: LiveInspection): Inspection => ({ found, data, metadata })

/** What a promise resolves to, or undefined where it takes longer or fails. */
async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  const timeout = new AbortController()
  try {
    return await Promise.race([promise, pause(milliseconds, undefined, { signal: timeout.signal, ref: false })])
  } catch {
    return undefined
  } finally {
    timeout.abort()
  }
}
