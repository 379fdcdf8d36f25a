import { stripVTControlCharacters } from 'node:util'
import type { Message } from '../../wire/messages.ts'

const WIDTH = 60

/** Who is told how a notebook runs. */
export interface Progress {
  /** A cell begins, the `number`th of `count`. */
  start(number: number, count: number, source: string): void
  /** Something came from the cell. */
  output(message: Message): void
  /** The cell ended. */
  end(): void
  /** Why the run goes no further. */
  failed(text: string): void
}

/** Says on stderr which cell runs and how long it took; what the cells print only if it is asked to. */
export class CellProgress implements Progress {
  readonly #verbose: boolean
  #started = 0
  #inLine = false

  constructor(verbose: boolean) {
    this.#verbose = verbose
  }

  start(number: number, count: number, source: string): void {
    write(`[${number}/${count}] ${firstLine(source)} … `)
    this.#started = performance.now()
    this.#inLine = true
  }

  output({ header, content }: Message): void {
    if (!this.#verbose || header.msg_type !== 'stream') return
    this.#endLine()
    const stream = content['name'] === 'stderr' ? process.stderr : process.stdout
    stream.write(String(content['text']))
  }

  end(): void {
    write(`${this.#inLine ? '' : '… '}${secondsSince(this.#started)}\n`)
    this.#inLine = false
  }

  failed(text: string): void {
    this.#endLine()
    write(`${text}\n`)
  }

  #endLine(): void {
    if (this.#inLine) write('\n')
    this.#inLine = false
  }
}

/** The same of one run of several, which print at the same time: whole lines, each with the run's name. */
export class LabelledProgress implements Progress {
  readonly #label: string
  readonly #verbose: boolean
  #cell = ''
  #started = 0
  readonly #rest = { stdout: '', stderr: '' }

  constructor(label: string, verbose: boolean) {
    this.#label = label
    this.#verbose = verbose
  }

  start(number: number, count: number, source: string): void {
    this.#cell = `[${number}/${count}] ${firstLine(source)}`
    this.#started = performance.now()
  }

  output({ header, content }: Message): void {
    if (!this.#verbose || header.msg_type !== 'stream') return
    const name = content['name'] === 'stderr' ? 'stderr' : 'stdout'
    const lines = (this.#rest[name] + String(content['text'])).split('\n')
    this.#rest[name] = lines.pop() ?? ''
    for (const line of lines) process[name].write(`${this.#label}: ${line}\n`)
  }

  end(): void {
    for (const name of ['stdout', 'stderr'] as const) if (this.#rest[name]) process[name].write(`${this.#label}: ${this.#rest[name]}\n`)
    this.#rest.stdout = this.#rest.stderr = ''
    this.#say(`${this.#cell} … ${secondsSince(this.#started)}`)
  }

  failed(text: string): void {
    this.#say(text)
  }

  /** The run is over. */
  finished(text: string): void {
    this.#say(text)
  }

  #say(text: string): void {
    write(text.split('\n').map(line => `${this.#label}: ${line}\n`).join(''))
  }
}

function write(text: string): void {
  process.stderr.write(process.stderr.isTTY ? text : stripVTControlCharacters(text))
}

export function secondsSince(started: number): string {
  return `${((performance.now() - started) / 1000).toFixed(1)} s`
}

function firstLine(source: string): string {
  const line = source.trim().split('\n', 1)[0] ?? ''
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line
}
