import { Task, type TaskResult } from './task.ts'
import type { Work } from './work.ts'

/** So long should what a worker is given take, in milliseconds: by then the way there and back counts for little. */
const TARGET = 50
const MOST = 256
/** How much of the pace is the newest measurement. */
const NEWEST = 0.5

/** Lets quick tasks travel together, where the way to the workers is long: as many as they take for a while. */
export class Bundles {
  /** How long an item takes, there and back included, in milliseconds. */
  readonly #paces = new WeakMap<Work, number>()

  /** Takes from the line what one of so many workers is to do next. */
  next(waiting: Task[], workers: number): Task {
    const [first] = waiting as [Task]
    const wanted = Math.min(MOST, TARGET / (this.#paces.get(first.work) ?? TARGET), waiting.length / (2 * workers))
    const end = waiting.findIndex((task, index) => index > 0 && (index >= wanted || !fits(task, first)))
    const parts = waiting.splice(0, end < 0 ? waiting.length : end)
    return parts.length === 1 ? first : new Bundle(parts)
  }

  note({ work, items }: Task, milliseconds: number): void {
    const pace = milliseconds / items.length
    this.#paces.set(work, NEWEST * pace + (1 - NEWEST) * (this.#paces.get(work) ?? pace))
  }
}

/** One with which a worker was lost goes alone: the next one that is lost with it then shows that it is to blame. */
function fits(task: Task, first: Task): boolean {
  return task.work === first.work && task.attempts === 0 && first.attempts === 0
}

/** Tasks that are given to a worker as one. */
class Bundle extends Task {
  readonly #parts: readonly Task[]

  constructor(parts: readonly Task[]) {
    const { work } = parts[0] as Task
    super(work, parts.flatMap(({ items }) => items), undefined, count => this.#each(count, (part, done) => part.onProgress(done)))
    this.#parts = parts
    this.result.promise.catch((reason: unknown) => parts.forEach(part => part.result.reject(reason)))
  }

  override get parts(): readonly Task[] {
    return this.#parts
  }

  /** The tasks that have not come to their end with this: behind a call that fails, none has begun. */
  override settle(result: TaskResult): readonly Task[] {
    const { failure } = result
    if (failure && failure.item === undefined) return this.#alone()
    const left: Task[] = []
    const values = once(result.values)
    let start = 0
    for (const part of this.parts) {
      const [from, to] = [start, start + part.items.length]
      start = to
      const mine = async () => (await values()).slice(from, to)
      if (!failure || failure.item === undefined || to <= failure.item) part.settle({ values: mine, member: result.member })
      else if (from <= failure.item) part.settle({ values: mine, member: result.member, failure: { ...failure, item: failure.item - from } })
      else left.push(part)
    }
    return left
  }

  #alone(): readonly Task[] {
    for (const part of this.#parts) part.attempts++
    return this.#parts
  }

  #each(count: number, tell: (part: Task, done: number) => void): void {
    let left = count
    for (const part of this.parts) {
      tell(part, Math.min(left, part.items.length))
      left -= part.items.length
      if (left <= 0) return
    }
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
