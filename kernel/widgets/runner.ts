import { comms } from '../comms/comms.ts'
import { display, displayError, displayRun } from '../display/display.ts'
import { Interrupted } from '../errors.ts'
import { realm } from '../parallel/client/realm.ts'
import { uniqueId } from '../random.ts'
import { abandon, endWith, isWorkOf, workFor } from '../session/owner.ts'
import type { Owner } from '../session/protocol.ts'

/** After a run was cut short, the next begins when nothing was asked for so long, in milliseconds… */
const QUIET = 5
/** …or when this long has passed since. */
const LONGEST_WAIT = 60

export interface Run {
  /** Aborted when a newer value makes this run stale, and when it is interrupted. */
  readonly signal: AbortSignal
}

interface Next {
  readonly owner: Owner
  /** Begins it at the next turn of the event loop, or later, where more values may come. */
  readonly immediate?: NodeJS.Immediate
  timer?: NodeJS.Timeout
  readonly since: number
}

interface Current {
  readonly owner: Owner
  readonly stop: AbortController
  /** Ends the waiting for it. */
  end(): void
}

const busy = new Set<Runner>()

/**
 * Resolves when nothing runs any more that controls have begun, and nothing is about to.
 *
 * @example
 * interact({ count: [1, 9] }, async ({ count }) => work(count))
 * await settled()
 */
export async function settled(): Promise<void> {
  while (busy.size > 0) await Promise.all([...busy].map(runner => runner.settled()))
}

/**
 * Runs work over and over in an Output widget, one run at a time: whoever asks for another ends the one that is under
 * way, with the threads, processes and timers that it has started.
 */
export class Runner {
  readonly #output: string
  readonly #work: (run: Run) => unknown
  #current: Current | undefined
  /** The run that is about to begin. */
  #next: Next | undefined
  /** The run whose widgets are still there. */
  #last = ''
  #settled = Promise.withResolvers<void>()

  /** @param output the id of the Output widget */
  constructor(output: string, work: (run: Run) => unknown) {
    this.#output = output
    this.#work = work
  }

  /** Runs the work anew; a run under way is stale from now on. */
  request(): void {
    if (!this.#isBusy) this.#begun()
    if (this.#next) this.#delay(this.#next)
    else this.#announce()
  }

  /** Ends the run under way, and begins no other. */
  stop(): void {
    this.#forgetNext()
    this.interrupt()
  }

  /** The end of all: what the last run has made goes, too. */
  close(): void {
    this.stop()
    comms()?.closeOf(this.#last)
  }

  /** Ends the run under way. One that was asked for meanwhile still begins. */
  interrupt(): void {
    this.#end(new Interrupted('The run was interrupted.'))
    this.#tellIfSettled()
  }

  /** Resolves when nothing runs, or is about to. */
  async settled(): Promise<void> {
    while (this.#isBusy) await this.#settled.promise
  }

  /** Whether the code that calls this belongs to the run under way. */
  get isCaller(): boolean {
    return this.#current !== undefined && isWorkOf(this.#current.owner.cell)
  }

  #begun(): void {
    this.#settled = Promise.withResolvers()
    busy.add(this)
  }

  #tellIfSettled(): void {
    if (this.#isBusy) return
    busy.delete(this)
    this.#settled.resolve()
  }

  get #isBusy(): boolean {
    return this.#current !== undefined || this.#next !== undefined
  }

  /** What is shown from now on is the next run's: nothing that a stale one still prints. */
  #announce(): void {
    const owner: Owner = { cell: `run-${uniqueId()}`, output: this.#output }
    const wasRunning = this.#current !== undefined
    comms()?.sayTogether({ type: 'run', owner, state: 'begun' })
    this.#end(undefined)
    const begin = () => this.#begin(owner)
    const since = performance.now()
    this.#next = wasRunning ? { owner, since, timer: setTimeout(begin, QUIET) } : { owner, since, immediate: setImmediate(begin) }
  }

  /** More values come: only the last of them is worth a run. */
  #delay(next: Next): void {
    if (next.immediate) return
    clearTimeout(next.timer)
    const left = LONGEST_WAIT - (performance.now() - next.since)
    next.timer = setTimeout(() => this.#begin(next.owner), Math.max(0, Math.min(QUIET, left)))
  }

  #forgetNext(): void {
    clearTimeout(this.#next?.timer)
    clearImmediate(this.#next?.immediate)
    this.#next = undefined
  }

  // An interrupt may end the very code that begins the run: all that has to happen then is set up before.
  #begin(owner: Owner): void {
    this.#next = undefined
    comms()?.closeOf(this.#last)
    this.#last = owner.cell
    const stop = new AbortController()
    const ended = Promise.withResolvers<Outcome>()
    const work = Promise.withResolvers<unknown>()
    const current: Current = { owner, stop, end: () => ended.resolve('stale') }
    this.#current = current
    endWith(owner, stop.signal)
    void this.#finish(current, Promise.race([outcomeOf(work.promise), ended.promise]))
    workFor(owner, () => queueMicrotask(() => work.resolve(this.#run(stop.signal))))
  }

  async #run(signal: AbortSignal): Promise<unknown> {
    return await this.#work({ signal })
  }

  async #finish(current: Current, ending: Promise<Outcome>): Promise<void> {
    const outcome = await ending
    if (outcome === 'stale') return
    await workFor(current.owner, () => show(outcome))
    displayRun(current.owner, 'ended')
    if (this.#current === current) this.#current = undefined
    this.#tellIfSettled()
  }

  #end(reason: Interrupted | undefined): void {
    const current = this.#current
    if (!current) return
    this.#current = undefined
    abandon(current.stop.signal)
    current.stop.abort(reason ?? new Interrupted('A newer run has taken the place of this one.'))
    realm().client.tell({ type: 'interrupt', cell: current.owner.cell })
    current.end()
    if (!reason) return
    // Now: what is left for later may be ended together with the interrupted code.
    workFor(current.owner, () => displayError(reason))
    displayRun(current.owner, 'ended')
  }
}

/** Where a run came to: `'stale'` when nobody wants to know. */
type Outcome = { readonly value: unknown } | { readonly error: unknown } | 'stale'

async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  return work.then(value => ({ value }), (error: unknown) => ({ error }))
}

async function show(outcome: Exclude<Outcome, 'stale'>): Promise<void> {
  if ('error' in outcome) displayError(outcome.error)
  else if (outcome.value !== undefined) await display(outcome.value).catch(displayError)
}
