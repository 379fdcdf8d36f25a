import { writeFile } from 'node:fs/promises'
import { inspect } from 'node:util'
import { display, mime } from '../../display/display.ts'
import { DISPLAY } from '../../display/mime.ts'
import { currentOwner } from '../../session/owner.ts'
import type { MimeBundle } from '../../session/protocol.ts'
import { chromeTrace, type ChromeTrace } from './chrome.ts'
import type { Recording, TraceEvent, TraceWorker } from './events.ts'
import { withNames } from './names.ts'
import { withoutBystanders } from './participants.ts'
import { mermaid } from './sequence.ts'
import { summary, text } from './text.ts'
import { timeline } from './timeline.ts'

type Shown = { [DISPLAY](): MimeBundle }

/**
 * What happened in all threads and processes while something was done.
 *
 * @example
 * const traced = await trace(work)
 * traced.events.filter(event => event.type === 'wait')
 * await traced.save('trace.json') // for https://ui.perfetto.dev
 */
export class Trace<T = unknown> {
  /** What the traced function returned. */
  readonly value: T
  /** How long it took, in milliseconds. */
  readonly duration: number
  /** Who took part, the notebook first. */
  readonly workers: readonly TraceWorker[]
  /** All of them, in the order of their beginning. */
  readonly events: readonly TraceEvent[]
  /** The cell that shows it already. */
  #shownIn: string | undefined

  constructor(recording: Recording, value: T) {
    const { workers, events } = withNames(withoutBystanders(recording))
    this.value = value
    this.duration = recording.duration
    this.workers = workers
    this.events = events
  }

  /** A sequence diagram in Mermaid's language: who started whom, who sent what to whom, and who waited. */
  mermaid(): string {
    return mermaid(this)
  }

  /** The sequence diagram, to display. */
  sequence(): Shown {
    return mime({ 'text/vnd.mermaid': this.mermaid(), 'text/plain': this.toString() })
  }

  /** A chart with one lane for each worker, to display: when it ran, and when it waited for what. */
  timeline(): Shown {
    return mime({ 'application/vnd.vegalite.v5+json': timeline(this), 'text/plain': summary(this) })
  }

  /** Everything in the Trace Event Format of Chromium, which Perfetto opens. */
  chromeTrace(): ChromeTrace {
    return chromeTrace(this)
  }

  /** Writes that to a file. */
  async save(path: string): Promise<void> {
    await writeFile(path, JSON.stringify(this.chromeTrace()))
  }

  /** What happened, as text. */
  toString(): string {
    return text(this)
  }

  /** Shows both pictures in the cell. */
  async show(): Promise<void> {
    this.#shownIn = currentOwner().cell
    await display(this.timeline())
    await display(this.sequence())
  }

  /** As the value of a cell: the pictures, unless the cell shows them already. */
  async [DISPLAY](): Promise<MimeBundle> {
    if (this.#shownIn === currentOwner().cell) return { 'text/plain': summary(this) }
    await display(this.timeline())
    return this.sequence()[DISPLAY]()
  }

  [inspect.custom](): string {
    return summary(this)
  }
}
