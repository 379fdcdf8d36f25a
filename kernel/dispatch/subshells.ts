import { randomUUID } from 'node:crypto'
import { UsageError } from '../errors.ts'
import type { Message } from '../wire/messages.ts'
import type { HistoryStore } from './history/store.ts'
import { Shell } from './shell.ts'

/**
 * The main shell, and those that front ends make so that their requests need not wait for a cell that runs.
 * Each handles its own requests one after the other (Jupyter Enhancement Proposal 91).
 */
export class Subshells {
  readonly main: Shell
  readonly #store: HistoryStore
  readonly #others = new Map<string, Shell>()
  readonly #start: (shell: Shell) => void
  #cell: Promise<unknown> = Promise.resolve()

  /** @param start runs the queue of a new shell */
  constructor(store: HistoryStore, start: (shell: Shell) => void) {
    this.main = new Shell(store)
    this.#store = store
    this.#start = start
  }

  create(): string {
    const id = randomUUID()
    const shell = new Shell(this.#store)
    this.#others.set(id, shell)
    this.#start(shell)
    return id
  }

  /** Takes no more requests; those that have come are still handled. */
  delete(id: string): void {
    this.#find(id).queue.finish()
    this.#others.delete(id)
  }

  list(): readonly string[] {
    return [...this.#others.keys()]
  }

  /** The shell that a request is for. @throws UsageError when there is no such subshell */
  of({ header: { subshell_id: id } }: Message): Shell {
    return id === undefined || id === null ? this.main : this.#find(id)
  }

  /** Runs a cell when those of the other shells that came before have ended: the session runs one at a time. */
  runCell<T>(run: () => Promise<T>): Promise<T> {
    const running = this.#cell.then(run)
    this.#cell = running.catch(() => undefined)
    return running
  }

  close(): void {
    for (const shell of [this.main, ...this.#others.values()]) shell.queue.close()
  }

  #find(id: string): Shell {
    const shell = this.#others.get(id)
    if (!shell) throw new UsageError(`There is no subshell "${id}": make one with a create_subshell_request.`)
    return shell
  }
}
