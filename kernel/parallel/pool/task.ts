import type { Item } from '../protocol.ts'
import type { Failure } from './messages.ts'
import type { Work } from './work.ts'

/** What came of a task, from which worker. */
export interface TaskResult {
  /** What its calls returned, up to the one that failed. */
  readonly values: () => Promise<readonly unknown[]>
  readonly failure?: Failure
  readonly member: string
}

/** Some items for a function, done by one worker. */
export class Task {
  readonly work: Work
  readonly items: readonly unknown[]
  /** The number of the first item, counted from 0. */
  readonly first: number
  readonly result = Promise.withResolvers<TaskResult>()
  /** What was captured of it for a worker that did not take it. */
  item: Item | undefined
  /** How often a worker was lost with it. */
  attempts = 0
  readonly onProgress: (count: number) => void
  /** Whether its items are counted: the one of `apply` isn't. */
  readonly #counted: boolean

  constructor(work: Work, items: readonly unknown[], first: number | undefined, onProgress: (count: number) => void) {
    this.work = work
    this.items = items
    this.first = first ?? 0
    this.#counted = first !== undefined
    this.onProgress = onProgress
    // Told to whoever waits for it, if anybody still does.
    this.result.promise.catch(() => undefined)
  }

  /** Those that it is made of: itself alone, unless it is a bundle. */
  get parts(): readonly Task[] {
    return [this]
  }

  /** Ends it. Returns those of its parts that have to be done yet. */
  settle(result: TaskResult): readonly Task[] {
    this.result.resolve(result)
    return []
  }

  index(item: number): number | undefined {
    return this.#counted ? this.first + item : undefined
  }

  /** As errors call it. */
  get what(): string {
    if (!this.#counted) return 'a call'
    const last = this.first + this.items.length - 1
    return last === this.first ? `item ${last}` : `items ${this.first} to ${last}`
  }
}
