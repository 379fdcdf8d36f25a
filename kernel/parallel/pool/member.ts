import { WorkerError } from '../client/errors.ts'
import { WorkerHandle } from '../client/worker-handle.ts'
import type { Cluster } from '../cluster.ts'
import { packageNames } from '../cluster/needed-packages.ts'
import type { Item, RemoteErrorData, WorkerKind } from '../protocol.ts'
import { Lane } from './lane.ts'
import { serve } from './serve.ts'
import { TaskError } from './task-error.ts'
import type { Task } from './task.ts'
import { captureTask, type Work } from './work.ts'

export interface MemberOptions {
  /** What it does first. */
  readonly prepare: Item
  /** How many it does. */
  readonly tasks: number
  /** In MB. */
  readonly maxMemory?: number | undefined
  readonly elsewhere?: Elsewhere | undefined
  /** What its initializer and its functions import. */
  readonly imports?: readonly string[] | undefined
}

/** On which machines. */
export interface Elsewhere {
  readonly cluster: Cluster
  readonly tags: readonly string[]
}

/** A worker of a pool, as the pool sees it. */
export class Member extends WorkerHandle<[string, string, string]> {
  readonly ended: Promise<unknown>
  /** What was looked for on its machine, if it is on another one. */
  readonly imports: readonly string[]
  /** Its initializer has returned. */
  isReady = false
  /** The task that it has, if any. */
  task: Task | undefined
  /** The task that it has besides, so that it need not wait for one. */
  next: Task | undefined
  hasStarted = false
  /** When it got it. */
  since = 0
  readonly #tasks: Lane
  #work: Work | undefined
  #isAsked = false
  #tasksLeft: number

  constructor(kind: WorkerKind, name: string, results: Lane, { prepare, tasks, maxMemory, elsewhere, imports = [] }: MemberOptions) {
    const lane = Lane.open('tasks')
    // The pool itself gives what one had that is lost to another one.
    const place = elsewhere ? { ...elsewhere, attempts: 1, imports } : {}
    super(kind, name, { target: serve, args: [lane.id, results.id, name], name, daemon: true, ...(maxMemory === undefined ? {} : { maxMemory }), ...place })
    this.imports = imports
    this.#tasks = lane
    this.#tasksLeft = tasks
    this.#send(prepare)
    this.start().catch(() => undefined)
    this.ended = this.result().catch((reason: unknown) => reason)
  }

  /** What the hub calls it. */
  get worker(): string {
    return this.id
  }

  /** Whether it has done as many tasks as it may. */
  get isSpent(): boolean {
    return this.#tasksLeft === 0
  }

  /** Whether its machine has the packages that are imported. */
  has(imports: readonly string[]): boolean {
    if (imports.every(each => this.imports.includes(each))) return true
    const names = packageNames(this.imports)
    return [...packageNames(imports)].every(name => names.has(name))
  }

  /** Throws when something of the task can't travel: then it is still free. */
  give(task: Task): void {
    this.task = task
    this.since = performance.now()
    this.hasStarted = false
    if (this.#work !== task.work) this.#send(task.work.message)
    this.#work = task.work
    this.#send(captureTask(task))
    this.#tasksLeft--
  }

  /** Whether it may have this task besides the one that it has: once it has begun with that, nothing else is on its way. */
  mayHaveNext({ work }: Task): boolean {
    return this.hasStarted && this.task?.work === work && !this.next
  }

  /** Throws like `give`. */
  giveNext(task: Task): void {
    this.#send(captureTask(task))
    this.next = task
  }

  /** The task that it has besides, if it has not begun with that. */
  async takeBack(): Promise<Task | undefined> {
    const { next } = this
    if (!next || this.#isAsked) return undefined
    this.#isAsked = true
    const item = await this.#tasks.takeBack().finally(() => {
      this.#isAsked = false
    })
    next.item = item
    return item && this.#lose(next) ? next : undefined
  }

  /** The task that it had; it goes on with the next one. */
  free(): Task | undefined {
    const { task } = this
    this.task = this.next
    this.next = undefined
    this.hasStarted = false
    return task
  }

  /** Whether it had the task until now. */
  #lose(task: Task): boolean {
    if (this.task === task) this.task = undefined
    else if (this.next === task) this.next = undefined
    else return false
    return true
  }

  /** Lets it end when it has done what it has. */
  retire(): void {
    this.#tasks.close()
  }

  /** Why its task failed, once it has ended. */
  async deathOf(task: Task): Promise<TaskError> {
    const reason = await this.ended
    const error: RemoteErrorData = { ...this.#ending(reason), message: `${this.#ending(reason).message} while it had ${task.what}` }
    return new TaskError(error, this.fullName, task.items.length === 1 ? task.index(0) : undefined)
  }

  #ending(reason: unknown): RemoteErrorData {
    const ended = (message: string): RemoteErrorData => ({ name: 'WorkerEnded', message, stack: '' })
    if (reason instanceof WorkerError && reason.remoteName === 'OutOfMemory') return { name: reason.remoteName, message: reason.remoteMessage, stack: '' }
    if (this.signal) return ended(`it was ended by ${this.signal}${this.signal === 'SIGABRT' ? ', perhaps out of memory,' : ''}`)
    if (this.exitCode === undefined) return ended(`it could not start (${String(reason)})`)
    if (!(reason instanceof WorkerError) || reason.remoteName === 'WorkerEnded') return ended(`it ended with exit code ${this.exitCode}`)
    // Thrown where no call of the task could catch it, such as in a timer.
    return { name: reason.remoteName, message: `${reason.remoteMessage}, thrown outside of the call and ending the worker`, stack: reason.remoteStack }
  }

  #send(item: Item): void {
    // A lane is refused only when its session is gone.
    this.#tasks.put(item).catch(() => undefined)
  }
}
