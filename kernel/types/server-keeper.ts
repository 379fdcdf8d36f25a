import type { LanguageServer } from './language-server.ts'
import type { Project } from './project.ts'

/** Milliseconds until a server that failed is tried again; doubles while it keeps failing. */
const FIRST_PAUSE = 1000
const LONGEST_PAUSE = 60_000
/** Milliseconds after which a server that nobody asks gives its memory back. */
const IDLE = 15 * 60_000

interface Running {
  readonly server: LanguageServer
  readonly project: Project
}

/** Has a language server when one is needed: starts it with the first question, again after it died, and ends it when it is idle. */
export class ServerKeeper implements AsyncDisposable {
  /** Of the notebook. */
  readonly folder: string
  readonly #log: (line: string) => void
  #running: Promise<Running> | undefined
  #project: Project | undefined
  #ready: Project | undefined
  #pause = FIRST_PAUSE
  #notBefore = 0
  #idle: NodeJS.Timeout | undefined
  #closed = false

  constructor(folder: string, log: (line: string) => void) {
    this.folder = folder
    this.#log = log
  }

  get project(): Project | undefined {
    return this.#project
  }

  /** Whether there is a server that has answered already, so that it will soon. */
  get isReady(): boolean {
    return this.#ready !== undefined && this.#ready === this.#project
  }

  /** Begins to start a server, since one will be needed, and has it read what every notebook needs. */
  prepare(): void {
    this.use((_, project) => project.warmUp()).catch(() => undefined)
  }

  /** Rejects when there is no server, or it ended meanwhile. */
  async use<T>(work: (server: LanguageServer, project: Project) => Promise<T>): Promise<T> {
    if (this.#closed) throw new Error('The notebook is closed.')
    if (!this.#running && performance.now() < this.#notBefore) throw new Error('TypeScript is not to be tried again yet.')
    this.#running ??= this.#start()
    clearTimeout(this.#idle)
    this.#idle = setTimeout(() => void this.#stop(), IDLE).unref()
    const { server, project } = await this.#running
    const result = await work(server, project)
    this.#pause = FIRST_PAUSE
    this.#ready = project
    return result
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    clearTimeout(this.#idle)
    await this.#stop()
  }

  async #start(): Promise<Running> {
    try {
      const [{ LanguageServer }, { Project }] = await Promise.all([import('./language-server.ts'), import('./project.ts')])
      const server = await LanguageServer.start(this.folder)
      this.#project = new Project(server, this.folder)
      const running = { server, project: this.#project }
      void server.ended.then(() => this.#lost(running, 'it ended'))
      return running
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error))
      throw error
    }
  }

  #lost({ project }: Running, reason: string): void {
    if (this.#project === project) this.#fail(reason)
  }

  #fail(reason: string): void {
    this.#running = undefined
    this.#project = undefined
    this.#notBefore = performance.now() + this.#pause
    this.#log(`TypeScript's language server can't be asked: ${reason}. It is tried again in ${this.#pause / 1000} s; completion goes on from the values.`)
    this.#pause = Math.min(this.#pause * 2, LONGEST_PAUSE)
  }

  async #stop(): Promise<void> {
    const running = this.#running
    this.#running = undefined
    this.#project = undefined
    const { server } = (await running?.catch(() => undefined)) ?? {}
    await server?.[Symbol.asyncDispose]()
  }
}
