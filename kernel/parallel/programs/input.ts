import type { Writable } from 'node:stream'

/** What a program reads. */
export class Input implements AsyncDisposable {
  /** Somebody has written, or said that nothing comes. */
  isUsed = false
  readonly #stream: Writable

  constructor(stream: Writable) {
    // Told by the write that failed.
    stream.on('error', () => undefined)
    this.#stream = stream
  }

  /** Resolves when the program can have it; rejects when the program reads no more. */
  async write(data: string | Uint8Array): Promise<void> {
    this.isUsed = true
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    this.#stream.write(data, error => (error ? reject(error) : resolve()))
    await promise
  }

  /** Nothing more comes after this. */
  async end(data?: string | Uint8Array): Promise<void> {
    if (data !== undefined) await this.write(data)
    this.isUsed = true
    this.#stream.end()
  }

  endUnused(): void {
    if (!this.isUsed) this.#stream.end()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }
}
