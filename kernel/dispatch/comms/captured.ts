import type { Content } from '../../wire/messages.ts'
import type { CapturedEvent } from './event.ts'

/** Milliseconds between two updates of one widget: the whole list goes out each time, so that long ones go out less often. */
const INTERVAL = 40
const LONGEST_INTERVAL = 2000
/** So many UTF-16 code units make the interval one time longer. */
const LONG_TEXT = 100_000

interface Output {
  content: Content
  /** Of a stream, pieces not joined yet. */
  readonly texts?: string[]
  readonly displayId?: string
}

/** The outputs of one Output widget, as notebooks store them. The first goes out at once, what follows together. */
export class CapturedOutputs implements Disposable {
  readonly #show: (outputs: readonly Content[], cell: string) => Promise<void>
  #outputs: Output[] = []
  #size = 0
  #clearNext = false
  /** Where only the newest run is to be shown: what it is called. */
  #run: string | undefined
  #cell = ''
  #timer: NodeJS.Timeout | undefined
  #isStale = false

  /** @param show gets all outputs, and the cell or run that the last of them is of; it must not reject */
  constructor(show: (outputs: readonly Content[], cell: string) => Promise<void>) {
    this.#show = show
  }

  /** All of them, in order. */
  get outputs(): readonly Content[] {
    return this.#outputs.map(contentOf)
  }

  /** The session has set what is shown: what comes is added to that. */
  replace(outputs: readonly Content[]): void {
    this.#outputs = outputs.map(content => ({ content }))
    this.#clearNext = this.#isStale = false
  }

  has(displayId: string | undefined): boolean {
    return displayId !== undefined && this.#outputs.some(output => output.displayId === displayId)
  }

  async take(event: CapturedEvent): Promise<void> {
    if (event.type === 'run') return this.#takeRun(event)
    if (this.#run !== undefined && event.owner.cell !== this.#run) return
    this.#cell = event.owner.cell
    if (event.type === 'clear') this.#clear(event.wait)
    else if (event.type === 'display' && event.update) this.#update(event)
    else this.#add(event)
    if (!this.#timer && this.#isStale) await this.#flush()
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }

  /** What an older run showed stays until a newer one shows something, or ends. */
  async #takeRun({ owner, state }: Extract<CapturedEvent, { type: 'run' }>): Promise<void> {
    if (state === 'begun') {
      this.#run = owner.cell
      this.#clearNext = true
      return
    }
    if (owner.cell !== this.#run) return
    if (this.#clearNext) this.#clear(false)
    if (this.#isStale) await this.#flush()
  }

  #clear(wait: boolean): void {
    this.#clearNext = wait
    if (wait) return
    this.#outputs = []
    this.#size = 0
    this.#isStale = true
  }

  #add(event: Extract<CapturedEvent, { type: 'stream' | 'display' | 'result' | 'error' }>): void {
    if (this.#clearNext) this.#clear(false)
    this.#isStale = true
    const last = this.#outputs.at(-1)
    if (event.type === 'stream') this.#size += event.text.length
    if (event.type === 'stream' && last?.texts && last.content['name'] === event.name) last.texts.push(event.text)
    else this.#outputs.push(outputOf(event))
  }

  #update({ displayId, data, metadata }: Extract<CapturedEvent, { type: 'display' }>): void {
    for (const output of this.#outputs) {
      if (output.displayId !== displayId) continue
      output.content = { ...output.content, data, metadata }
      this.#isStale = true
    }
  }

  async #flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#isStale = false
    const interval = Math.min(INTERVAL * (1 + this.#size / LONG_TEXT), LONGEST_INTERVAL)
    this.#timer = setTimeout(() => this.#expire(), interval).unref()
    await this.#show(this.outputs, this.#cell)
  }

  #expire(): void {
    this.#timer = undefined
    if (this.#isStale) void this.#flush()
  }
}

function outputOf(event: Extract<CapturedEvent, { type: 'stream' | 'display' | 'result' | 'error' }>): Output {
  if (event.type === 'stream') return { content: { output_type: 'stream', name: event.name }, texts: [event.text] }
  if (event.type === 'error') return { content: { output_type: 'error', ...event.error } }
  const { data, metadata } = event
  const content = { output_type: 'display_data', data, metadata }
  return event.type === 'display' && event.displayId !== undefined ? { content, displayId: event.displayId } : { content }
}

function contentOf({ content, texts }: Output): Content {
  if (!texts) return content
  texts.splice(0, texts.length, texts.join(''))
  return { ...content, text: texts[0] }
}
