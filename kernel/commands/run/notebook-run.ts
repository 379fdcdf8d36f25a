import type { Content, Message } from '../../wire/messages.ts'
import type { KernelClient } from './kernel-client.ts'
import { type Cell, type CodeCell, hasTag, isCode, type JsonObject, type Notebook } from './notebook.ts'
import { Outputs } from './outputs.ts'
import type { Progress } from './progress.ts'
import { WidgetStates } from './widget-states.ts'

/** How long those that were interrupted may take to show it, in milliseconds. */
const SHOWING = 2000

/** Ends when nothing runs any more that a control has begun. */
const SETTLED = "await (await import('paracell/widgets')).settled()"

interface Settings {
  readonly progress: Progress
  /** Aborted when the cell that runs shall be interrupted and be the last. */
  readonly stop: AbortSignal
  /** How long a cell may take, in milliseconds; without end by default. */
  readonly timeout: number | undefined
}

/** Runs the code cells of a notebook in order and keeps what they show. */
export class NotebookRun {
  readonly #notebook: Notebook
  readonly #settings: Settings
  readonly #outputs = new Outputs<CodeCell>()
  readonly #counts = new Map<CodeCell, number>()
  readonly #widgets = new WidgetStates()
  #metadata: JsonObject = {}

  constructor(notebook: Notebook, settings: Settings) {
    this.#notebook = notebook
    this.#settings = settings
  }

  /** The notebook with what the cells have shown by now. */
  get result(): Notebook {
    const { metadata, cells, ...rest } = this.#notebook
    const { widgets: _old, ...others } = metadata
    return { ...rest, metadata: { ...others, ...this.#metadata, ...this.#widgets.metadata }, cells: cells.map((cell) => this.#shown(cell)) }
  }

  /**
   * Runs them up to the first that fails; one tagged `raises-exception` may fail.
   *
   * @returns whether all of them ran
   */
  async run(kernel: KernelClient): Promise<boolean> {
    this.#metadata = await languageInfo(kernel)
    const interrupt = () => void kernel.interrupt().catch(() => undefined)
    this.#settings.stop.addEventListener('abort', interrupt)
    try {
      const cells = this.#notebook.cells.filter(isRunnable)
      for (const [index, cell] of cells.entries()) {
        this.#settings.progress.start(index + 1, cells.length, cell.source)
        if (!(await this.#runCell(kernel, cell, interrupt))) return false
      }
      const last = cells.at(-1)
      return last === undefined || !this.#widgets.canRun || (await this.#settle(kernel, last, interrupt))
    } finally {
      this.#settings.stop.removeEventListener('abort', interrupt)
    }
  }

  async #runCell(kernel: KernelClient, cell: CodeCell, interrupt: () => void): Promise<boolean> {
    const { progress, stop, timeout } = this.#settings
    const limit = new Limit(timeout, interrupt)
    const reply = await kernel.execute(cell.source, (message) => this.#take(cell, message)).finally(() => limit.clear())
    progress.end()
    if (stop.aborted) return false
    if (limit.passed) progress.failed(`The cell took longer than the timeout of ${timeout} ms and was interrupted.`)
    else if (reply['status'] === 'ok' || hasTag(cell, 'raises-exception')) return true
    else progress.failed(story(reply))
    return false
  }

  /** What controls run goes on when their cell is over. What that prints outside of them is the last cell's. */
  async #settle(kernel: KernelClient, last: CodeCell, interrupt: () => void): Promise<boolean> {
    const { progress, stop, timeout } = this.#settings
    const receive = (message: Message) => message.header.msg_type !== 'error' && this.#take(last, message)
    const settled = (limit: Limit) => kernel.execute(SETTLED, receive, { silent: true }).finally(() => limit.clear())
    const limit = new Limit(timeout, interrupt)
    const reply = await settled(limit)
    // The interrupt has ended the waiting, too: each run still shows that it was interrupted.
    if (stop.aborted || limit.passed) await settled(new Limit(SHOWING, interrupt))
    if (stop.aborted) return false
    if (limit.passed) progress.failed(`What the notebook's controls run took longer than the timeout of ${timeout} ms and was interrupted.`)
    else if (reply['status'] === 'ok') return true
    else progress.failed(story(reply))
    return false
  }

  #take(cell: CodeCell, message: Message): void {
    if (message.header.msg_type === 'execute_input') this.#counts.set(cell, Number(message.content['execution_count']))
    this.#outputs.take(cell, message)
    if (message.header.msg_type.startsWith('comm_')) this.#widgets.take(message)
    this.#settings.progress.output(message)
  }

  #shown(cell: Cell): Cell {
    if (!isCode(cell)) return cell
    return { ...cell, execution_count: this.#counts.get(cell) ?? null, outputs: this.#outputs.of(cell) }
  }
}

/** Calls once after some milliseconds, unless it is cleared before. */
class Limit {
  passed = false
  readonly #timer: NodeJS.Timeout | undefined

  constructor(milliseconds: number | undefined, act: () => void) {
    if (milliseconds === undefined) return
    this.#timer = setTimeout(() => {
      this.passed = true
      act()
    }, milliseconds)
  }

  clear(): void {
    clearTimeout(this.#timer)
  }
}

function isRunnable(cell: Cell): cell is CodeCell {
  return isCode(cell) && cell.source.trim() !== ''
}

async function languageInfo(kernel: KernelClient): Promise<JsonObject> {
  const info = await kernel.info()
  return { language_info: info['language_info'] as JsonObject }
}

function story({ ename, evalue, traceback }: Content): string {
  return Array.isArray(traceback) && traceback.length > 0 ? traceback.join('\n') : `${String(ename)}: ${String(evalue)}`
}
