import { stripVTControlCharacters } from 'node:util'
import type { Message } from '../../wire/messages.ts'

const WIDTH = 60

/** Says on stderr which cell runs and how long it took; what the cells print only if it is asked to. */
export class Progress {
  readonly #verbose: boolean
  #started = 0
  #inLine = false

  constructor(verbose: boolean) {
    this.#verbose = verbose
  }

  /** A cell begins, the `number`th of `count`. */
  start(number: number, count: number, source: string): void {
    this.#write(`[${number}/${count}] ${firstLine(source)} … `)
    this.#started = performance.now()
    this.#inLine = true
  }

  /** Something came from the cell. */
  output({ header, content }: Message): void {
    if (!this.#verbose || header.msg_type !== 'stream') return
    this.#endLine()
    const stream = content['name'] === 'stderr' ? process.stderr : process.stdout
    stream.write(String(content['text']))
  }

  /** The cell ended. */
  end(): void {
    const seconds = (performance.now() - this.#started) / 1000
    this.#write(`${this.#inLine ? '' : '… '}${seconds.toFixed(1)} s\n`)
    this.#inLine = false
  }

  /** Why the run goes no further. */
  failed(text: string): void {
    this.#endLine()
    this.#write(`${text}\n`)
  }

  #endLine(): void {
    if (this.#inLine) this.#write('\n')
    this.#inLine = false
  }

  #write(text: string): void {
    process.stderr.write(process.stderr.isTTY ? text : stripVTControlCharacters(text))
  }
}

function firstLine(source: string): string {
  const line = source.trim().split('\n', 1)[0] ?? ''
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line
}
