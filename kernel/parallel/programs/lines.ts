import { PassThrough, pipeline, type Readable } from 'node:stream'

/** A stream's lines. Whoever stops reading may go on later, where the last one stopped. */
export class Lines implements AsyncIterable<string> {
  /** Somebody reads, or will go on. */
  isRead = false
  readonly #stream: Readable
  readonly #lines: AsyncGenerator<string>

  /** `ended` rejects when the stream never had anybody to fill it. */
  constructor(stream: Readable, ended: () => Promise<unknown>) {
    // Node throws away what is left in a program's own stream when the program ends.
    this.#stream = pipeline(stream, new PassThrough(), () => undefined)
    this.#lines = split(this.#stream, ended)
  }

  /** Throws away what nobody reads. */
  drain(): void {
    if (!this.isRead) this.#stream.resume()
  }

  [Symbol.asyncIterator](): AsyncIterator<string> {
    this.isRead = true
    const stop = async (): Promise<IteratorResult<string>> => {
      this.isRead = false
      return { done: true, value: undefined }
    }
    return { next: () => this.#lines.next(), return: stop }
  }
}

async function* split(stream: Readable, ended: () => Promise<unknown>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for await (const chunk of stream) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n')
      rest = lines.pop() as string
      for (const line of lines) yield line.replace(/\r$/, '')
    }
    if (rest !== '') yield rest
  } finally {
    await ended()
  }
}
