import { UsageError } from '../../errors.ts'
import { nobody, workFor } from '../../session/owner.ts'
import { WorkerError } from '../client/errors.ts'
import { fromItem } from '../client/items.ts'
import { realm } from '../client/realm.ts'
import type { Item, WorkerKind } from '../protocol.ts'
import { Bundles } from './bundle.ts'
import { Lane } from './lane.ts'
import { type Elsewhere, Member } from './member.ts'
import { type FromMember, itemOfMessage, messageOfItem } from './messages.ts'
import type { Task } from './task.ts'
import { fromRemoteError } from '../client/remote-errors.ts'
import { TaskError } from './task-error.ts'
import type { Work } from './work.ts'

export interface CrewOptions {
  readonly kind: WorkerKind
  readonly size: number
  /** What each worker does first. */
  readonly prepare: Item
  /** How many tasks a worker does before another one takes its place. */
  readonly maxTasksPerChild: number
  /** Of each worker, in MB. */
  readonly maxMemory: number | undefined
  /** Where they are processes of other machines. */
  readonly elsewhere: Elsewhere | undefined
}

/** How often a task is given to a worker that is lost with it before that counts as the task's failure. */
const ATTEMPTS = 3

const DISPOSED = 'The pool was declared with "using", and ended with its block or its cell: declare it with const, or make a new one.'

/** The workers of a pool: each does one task at a time, and may have the next one ready; whoever ends is replaced when there is a task for another one. */
export class Crew {
  readonly #options: CrewOptions
  readonly #results = Lane.open('results')
  readonly #members = new Map<string, Member>()
  /** Those that have not ended, also when they take no more tasks. */
  readonly #alive = new Set<Member>()
  readonly #waiting: Task[] = []
  readonly #bundles: Bundles | undefined
  /** What the workers' machines are known to have. */
  readonly #imports = new Set<string>()
  readonly #gone = Promise.withResolvers<void>()
  #lastNumber = 0
  #users = 0
  #terminated: WorkerError | undefined
  #closed = false
  #disposed = false

  constructor(options: CrewOptions) {
    this.#options = options
    if (options.elsewhere && options.maxTasksPerChild === Infinity) this.#bundles = new Bundles()
    void workFor(nobody, () => this.#read())
    // On other machines they are hired for their first function, whose packages have to be there.
    while (!options.elsewhere && this.#members.size < options.size) this.#hire()
  }

  get isClosed(): boolean {
    return this.#closed
  }

  /** Whoever has entered may submit tasks until it leaves, also when the pool is closed meanwhile. */
  enter(): void {
    if (this.#closed) throw new UsageError(this.#disposed ? DISPOSED : 'The pool is closed: make a new one.')
    this.#users++
  }

  leave(): void {
    this.#users--
    this.#dismiss()
  }

  /** Lets what the workers printed come before their results: processes send each by a way of its own. */
  async settle(): Promise<void> {
    if (this.#options.kind === 'thread' || this.#terminated) return
    const workers = [...this.#alive].map(({ worker }) => worker)
    await workFor(nobody, () => realm().client.ask({ type: 'settle', workers }))
  }

  submit(task: Task): void {
    if (this.#terminated) return task.result.reject(this.#terminated)
    this.#waiting.push(task)
    this.#assign()
  }

  /** Fails the tasks of a function that still wait; with `kill`, also those that run, together with their workers. */
  cancel(work: Work, reason: unknown, kill: boolean): void {
    for (const task of this.#waiting.splice(0)) {
      if (task.work === work) task.result.reject(reason)
      else this.#waiting.push(task)
    }
    if (kill) this.#kill(member => member.task?.work === work, reason)
    else for (const member of this.#alive) if (member.next?.work === work) void member.takeBack().then(task => task?.result.reject(reason))
  }

  /** Takes no more tasks; the workers end when all are done. */
  close(): void {
    this.#closed = true
    this.#dismiss()
  }

  /** As `terminate`, by the end of where it was declared. */
  dispose(): void {
    this.#disposed = !this.#closed
    this.terminate()
  }

  terminate(): void {
    this.#closed = true
    const reason = (this.#terminated ??= new WorkerError({ name: 'PoolTerminated', message: 'the pool was terminated', stack: '' }))
    for (const task of this.#waiting.splice(0)) task.result.reject(reason)
    this.#kill(() => true, reason)
    this.#dismiss()
  }

  /** Resolves when no worker is left; only after `close` or `terminate`. */
  get gone(): Promise<void> {
    return this.#gone.promise
  }

  #kill(which: (member: Member) => boolean, reason: unknown): void {
    for (const member of this.#alive) {
      if (!which(member)) continue
      for (const task of tasksOf(member)) task.result.reject(reason)
      this.#members.delete(member.name)
      member.kill()
    }
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const [next] = this.#waiting as [Task]
      // What a worker says by itself is shown where it was first needed.
      const member = this.#idle(next.work) ?? workFor(next.work.owner, () => this.#hire(next.work))
      if (!member) return this.#giveAhead()
      const task = this.#bundles?.next(this.#waiting, this.#options.size) ?? (this.#waiting.shift() as Task)
      try {
        member.give(task)
      } catch (error) {
        member.free()
        this.#reject(task, error)
      }
    }
    this.#share()
  }

  /** Spares those who are busy the way of their next task, as long as there are enough for all. */
  #giveAhead(): void {
    const { size, maxTasksPerChild, elsewhere } = this.#options
    if (elsewhere || maxTasksPerChild !== Infinity) return
    for (const member of this.#members.values()) {
      const [task] = this.#waiting
      if (!task || this.#waiting.length < size) return
      if (!member.mayHaveNext(task)) continue
      this.#waiting.shift()
      try {
        member.giveNext(task)
      } catch (error) {
        this.#reject(task, error)
      }
    }
  }

  /** Whoever has nothing to do gets what another one has besides. */
  #share(): void {
    const members = [...this.#members.values()]
    if (!members.some(member => !member.task && member.isReady)) return
    for (const member of members) {
      if (!member.next) continue
      void member.takeBack().then(task => {
        if (task) this.submit(task)
      })
      return
    }
  }

  #idle(work: Work): Member | undefined {
    for (const member of this.#members.values()) {
      if (member.task || !this.#isThere(member)) continue
      if (!this.#options.elsewhere || member.has(importsOf(work.message))) return member
      // One whose machine was asked for these packages takes its place.
      this.#release(member)
    }
    return undefined
  }

  /** One on another machine may have to wait for its place for long, and no task should wait with it. */
  #isThere({ isReady }: Member): boolean {
    return isReady || !this.#options.elsewhere
  }

  #hire(work?: Work): Member | undefined {
    const { kind, size, prepare, maxTasksPerChild, maxMemory, elsewhere } = this.#options
    if (this.#members.size >= size) return undefined
    const imports = [...new Set([...this.#imports, ...importsOf(prepare), ...(work ? importsOf(work.message) : [])])]
    const member = new Member(kind, `PoolWorker-${++this.#lastNumber}`, this.#results, { prepare, tasks: maxTasksPerChild, maxMemory, elsewhere, imports })
    this.#members.set(member.name, member)
    this.#alive.add(member)
    void member.ended.then(() => this.#results.put(itemOfMessage({ type: 'ended', member: member.name })))
    return this.#isThere(member) ? member : undefined
  }

  /** Lets everybody go who has nothing to do any more. */
  #dismiss(): void {
    if (!this.#closed || (this.#users > 0 && !this.#terminated)) return
    for (const member of this.#members.values()) {
      if (member.task) continue
      this.#members.delete(member.name)
      if (this.#isThere(member)) member.retire()
      else member.kill()
    }
    if (this.#alive.size > 0) return
    this.#results.close()
    this.#gone.resolve()
  }

  /** Takes what comes apart from the loop: an interrupt in the middle of that must not end the reading. */
  async #read(): Promise<void> {
    for await (const item of this.#results) {
      void Promise.resolve(messageOfItem(item)).then(heard => this.#take(heard))
    }
  }

  #take(message: FromMember): void {
    const member = [...this.#alive].find(({ name }) => name === message.member)
    if (member) (this.#takers[message.type] as (message: FromMember, member: Member) => void)(message, member)
    this.#assign()
    this.#dismiss()
  }

  readonly #takers: { readonly [T in FromMember['type']]: (message: Extract<FromMember, { type: T }>, member: Member) => void } = {
    ready: (_, member) => {
      member.isReady = true
      for (const each of member.imports) this.#imports.add(each)
    },
    started: (_, member) => {
      member.hasStarted = true
    },
    progress: ({ count }, member) => member.task?.onProgress(count),
    done: (message, member) => {
      const task = member.free()
      if (task) this.#settle(task, message, member)
      if (member.isSpent) this.#release(member)
    },
    unfit: ({ error }, member) => {
      this.#members.delete(member.name)
      const task = this.#taskOf(member)
      this.#waiting.unshift(...tasksOf(member))
      if (task) void fromRemoteError(error, new TaskError(error, member.fullName)).then(task.result.reject)
    },
    ended: (_, member) => {
      this.#members.delete(member.name)
      this.#alive.delete(member)
      const { hasStarted } = member
      const task = this.#taskOf(member)
      this.#waiting.unshift(...tasksOf(member))
      if (!task) return
      // Nothing of it has happened yet, and the next worker need not end as well.
      if (member.isReady && !hasStarted) this.#waiting.unshift(...task.parts)
      else if (task.parts.length > 1 || (this.#options.elsewhere && member.signal && task.attempts + 1 < ATTEMPTS)) this.#again(task)
      else void member.deathOf(task).then(task.result.reject)
    }
  }

  #settle(task: Task, { values, failure }: Extract<FromMember, { type: 'done' }>, member: Member): void {
    this.#bundles?.note(task, performance.now() - member.since)
    const decoded = async () => (await fromItem(values)) as readonly unknown[]
    const left = task.settle({ values: decoded, member: member.fullName, ...(failure ? { failure } : {}) })
    this.#waiting.unshift(...left)
  }

  /** What can't be said of one of several is found out with each of them alone. */
  #reject(task: Task, reason: unknown): void {
    if (task.parts.length > 1) this.#again(task)
    else task.result.reject(reason)
  }

  #again(task: Task): void {
    for (const part of task.parts) part.attempts++
    this.#waiting.unshift(...task.parts)
  }

  /** What goes wrong with a worker that has just come is told by the next task, if it has none itself. */
  #taskOf(member: Member): Task | undefined {
    return member.free() ?? (member.isReady || this.#isThere(member) ? undefined : this.#waiting.shift())
  }

  #release(member: Member): void {
    this.#members.delete(member.name)
    member.retire()
  }
}

/** Takes all that it has. */
function tasksOf(member: Member): Task[] {
  return [member.free(), member.free()].filter(task => task !== undefined)
}

function importsOf(item: Item): readonly string[] {
  return 'parcel' in item ? (item.parcel.imports ?? []) : []
}
