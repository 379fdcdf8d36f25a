import { display, type DisplayHandle, mime } from './display.ts'
import type { DISPLAY } from './mime.ts'
import type { MimeBundle } from '../session/protocol.ts'

/** Ten updates a second look smooth, and no front end minds them. In milliseconds. */
const UPDATE_INTERVAL = 100
const TEXT_WIDTH = 20

export interface ProgressOptions {
  readonly label: string
  /** How many steps there will be, where that is known. */
  readonly total?: number
  /** Shown only when it takes longer than so many milliseconds. Default: 0, at once. */
  readonly after?: number
}

/**
 * A bar in the cell that moves as work gets done.
 *
 * @example
 * const progress = new Progress({ label: 'rows', total: 1000 })
 * progress.advance(100)
 * await progress.end()
 */
export class Progress {
  readonly #options: ProgressOptions
  readonly #begun = performance.now()
  #done = 0
  /** Until it is shown, or shown anew. There is none while nothing advances: a stalled program has nothing left to do. */
  #timer: NodeJS.Timeout | undefined
  #shown: Promise<DisplayHandle> | undefined

  constructor(options: ProgressOptions) {
    this.#options = options
    this.#timer = setTimeout(() => this.#show(), options.after ?? 0)
  }

  advance(steps: number): void {
    this.#done += steps
    this.#timer ??= setTimeout(() => void this.#update(), UPDATE_INTERVAL)
  }

  /** Shows the final state; `problem` says why not all was done. Resolves when it is shown. */
  async end(problem?: string): Promise<void> {
    clearTimeout(this.#timer)
    const handle = await this.#shown
    await handle?.update(this.#picture(true, problem))
  }

  #show(): void {
    this.#shown = display(this.#picture(false))
    this.#timer = undefined
  }

  async #update(): Promise<void> {
    this.#timer = undefined
    const picture = this.#picture(false)
    const handle = await this.#shown
    await handle?.update(picture)
  }

  #picture(ended: boolean, problem?: string): Picture {
    const { label, total } = this.#options
    const state: State = { label, total, done: this.#done, seconds: (performance.now() - this.#begun) / 1000, ended, problem }
    return mime({ 'text/html': toHtml(state), 'text/plain': toText(state) })
  }
}

type Picture = { [DISPLAY](): MimeBundle }

interface State {
  readonly label: string
  readonly total: number | undefined
  readonly done: number
  readonly seconds: number
  readonly ended: boolean
  readonly problem: string | undefined
}

function toText(state: State): string {
  const { label, total, done } = state
  if (total === undefined) return `${label} ${describe(state)}`
  const full = total === 0 ? TEXT_WIDTH : Math.floor((done / total) * TEXT_WIDTH)
  return `${label} ${'█'.repeat(full)}${'░'.repeat(TEXT_WIDTH - full)} ${describe(state)}`
}

/** An element of every browser, in the colours of the front end. A total that is not known makes it sway. */
function toHtml(state: State): string {
  const { label, total, done, ended } = state
  const values = total === undefined ? (ended ? 'value="1"' : '') : `max="${Math.max(total, 1)}" value="${total === 0 ? 1 : done}"`
  const bar = `<progress ${values} style="width: 16em; accent-color: var(--jp-brand-color1, royalblue)"></progress>`
  return `<div style="display: flex; gap: 0.7em; align-items: center"><span>${escape(label)}</span>${bar}<span>${escape(describe(state))}</span></div>`
}

function describe({ total, done, seconds, ended, problem }: State): string {
  const count = total === undefined ? `${done}` : `${done}/${total}`
  const left = ended || !total || done === 0 ? '' : `, ${duration((seconds * (total - done)) / done)} left`
  return `${count} in ${duration(seconds)}${left}${problem === undefined ? '' : `, ${problem}`}`
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return `${Math.floor(whole / 60)} min ${whole % 60} s`
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
