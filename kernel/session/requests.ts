import { DirectWriter } from '../channel/direct-writer.ts'
import { encodeFrame } from '../channel/frames.ts'
import type { Arrival, CellRequest, Question, Request, Task } from './protocol.ts'
import type { SessionProcess } from './process.ts'

/** How long a cell runs before the supervisor hears of it, in milliseconds: of most it need never know. */
const NEWS_DELAY = 200

/** How soon most cells have something to say, in milliseconds. */
const MOMENT = 1

/** How long after an interrupt the supervisor keeps an eye on what begins, in milliseconds: more than what was interrupted is watched. */
const WATCHED = 15_000

/** What the front asks of one session's process: of the main thread, straight away, or of its supervisor. */
export class Requests {
  readonly #tasks: DirectWriter
  readonly #channel: DirectWriter
  #number = 0
  #running: { readonly cell: string; readonly number: number } | undefined
  #news: NodeJS.Timeout | undefined
  #watchedUntil = -Infinity

  constructor({ tasks, channel }: Pick<SessionProcess, 'tasks' | 'channel'>) {
    this.#tasks = new DirectWriter(tasks)
    this.#channel = new DirectWriter(channel)
  }

  execute(request: CellRequest): void {
    const number = ++this.#number
    // The interrupt may still be under way.
    if (performance.now() < this.#watchedUntil) return this.#tell({ type: 'execute', request, number })
    const running = { cell: request.cell, number }
    this.#running = running
    this.#order({ type: 'execute', request, number })
    this.#stayAwake(() => this.#running === running)
    this.#news = setTimeout(() => this.#tellOfCell(), NEWS_DELAY)
  }

  /** The cell has ended. */
  ended(): void {
    clearTimeout(this.#news)
    this.#running = undefined
  }

  ask(id: number, question: Question): void {
    this.#order({ type: 'ask', id, question })
  }

  comms(arrivals: readonly Arrival[]): void {
    this.#order({ type: 'comms', arrivals })
    this.#tell({ type: 'comms', ids: arrivals.map(({ comm }) => comm.content.comm_id) })
  }

  /** Without a cell: what controls have begun. */
  interrupt(cell?: string): void {
    this.#watchedUntil = performance.now() + WATCHED
    this.#tellOfCell()
    this.#tell({ type: 'interrupt', ...(cell !== undefined && { cell }) })
  }

  input(id: number, value: string): void {
    this.#tell({ type: 'input', id, value })
  }

  /** Keeps the event loop turning: what comes of most cells comes sooner than a thread is woken. */
  #stayAwake(isRunning: () => boolean): void {
    const until = performance.now() + MOMENT
    const turn = (): void => {
      if (isRunning() && performance.now() < until) setImmediate(turn)
    }
    setImmediate(turn)
  }

  #tellOfCell(): void {
    if (this.#running) this.#tell({ type: 'runs', ...this.#running })
    this.ended()
  }

  #order(task: Task): void {
    this.#tasks.write(encodeFrame(task))
  }

  #tell(request: Request): void {
    this.#channel.write(encodeFrame(request))
  }
}
