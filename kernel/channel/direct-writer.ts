import fs from 'node:fs'
import type { Writable } from 'node:stream'

/** How long to wait before the next try to write to a full socket when the process ends, in milliseconds. */
const RETRY = 1

/** What writing says when nobody will read it. */
const GONE: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET'])

/** What a socket's handle tells beyond its documented interface, on systems with file descriptors. */
interface Handle {
  readonly fd?: number
  /** Bytes that were given to it and have not left. */
  readonly writeQueueSize?: number
}

/**
 * Writes to a socket (any other stream will do, but isn't as quick) so that what was written has left when `write` returns, however blocked this thread is then; only
 * what does not fit into the system's buffer is kept back and sent from the event loop, in order.
 */
export class DirectWriter {
  readonly #socket: Writable
  #backlog: Uint8Array[] = []
  /** Given to the socket. */
  #leaving: Uint8Array | undefined
  #drained: PromiseWithResolvers<void> | undefined

  constructor(socket: Writable) {
    this.#socket = socket
  }

  write(bytes: Uint8Array): void {
    const rest = this.#leaving ? bytes : this.#writeNow(bytes)
    if (rest.length === 0) return
    // The caller may change its bytes as soon as this returns.
    this.#backlog.push(rest.slice())
    this.#send()
  }

  /** Resolves when nothing is kept back any more; undefined when nothing is. */
  drained(): Promise<void> | undefined {
    if (!this.#leaving) return undefined
    return (this.#drained ??= Promise.withResolvers()).promise
  }

  /** Writes what is kept back, and waits for it: the process ends now. */
  finish(): void {
    const { writeQueueSize = 0 } = this.#handle
    const left = [this.#leaving?.subarray(this.#leaving.length - writeQueueSize) ?? new Uint8Array(), ...this.#backlog]
    this.#backlog = []
    for (let bytes of left) {
      while (bytes.length > 0 && !this.#socket.destroyed) {
        const rest = this.#writeNow(bytes)
        if (rest.length === bytes.length) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY)
        bytes = rest
      }
    }
  }

  get #handle(): Handle {
    return ((this.#socket as unknown as { readonly _handle?: Handle | null })._handle ?? {}) satisfies Handle
  }

  /** What did not fit. A reader that has gone may have written before: its socket stays until that is read. */
  #writeNow(bytes: Uint8Array): Uint8Array {
    const { fd = -1 } = this.#handle
    if (fd < 0) return bytes
    try {
      return bytes.subarray(fs.writeSync(fd, bytes))
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException
      if (code === 'EAGAIN') return bytes
      if (!GONE.has(code)) this.#socket.destroy()
      return bytes.subarray(bytes.length)
    }
  }

  #send(): void {
    if (this.#leaving || this.#socket.destroyed) return
    if (this.#backlog.length === 0) {
      this.#drained?.resolve()
      this.#drained = undefined
      return
    }
    this.#leaving = Buffer.concat(this.#backlog)
    this.#backlog = []
    this.#socket.write(this.#leaving, () => {
      this.#leaving = undefined
      this.#send()
    })
  }
}
