import type { CommMirror, MirrorOptions } from './mirror.ts'

/** The mirror of the session's comms, which is loaded when the first comm is opened. */
export class Comms {
  readonly #options: MirrorOptions
  #mirror: Promise<CommMirror> | undefined

  constructor(options: MirrorOptions) {
    this.#options = options
  }

  /** Undefined as long as no comm was opened. */
  get opened(): Promise<CommMirror> | undefined {
    return this.#mirror
  }

  open(): Promise<CommMirror> {
    return (this.#mirror ??= this.#load())
  }

  async #load(): Promise<CommMirror> {
    const { CommMirror } = await import('./mirror.ts')
    return new CommMirror(this.#options)
  }
}
