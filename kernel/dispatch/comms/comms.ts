import type { CommMirror, MirrorOptions } from './mirror.ts'

/** The mirror of the session's comms, which is loaded when the first comm is opened. */
export class Comms {
  readonly #options: MirrorOptions
  #mirror: Promise<CommMirror> | undefined
  #loaded: CommMirror | undefined

  constructor(options: MirrorOptions) {
    this.#options = options
  }

  /** Whether a comm with this id is open. */
  knows(id: string): boolean {
    return this.#loaded?.knows(id) ?? false
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
    return (this.#loaded = new CommMirror(this.#options))
  }
}
