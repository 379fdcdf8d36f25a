import { setImmediate as nextTurn } from 'node:timers/promises'
import { Interrupted, UsageError } from '../../errors.ts'
import { currentOwner, currentSignal } from '../../session/owner.ts'
import type { Parcel } from '../capture/parcel.ts'
import type { Ask, Beginning, Ending, FromHub, Link, Outcome, QueueItem, QueueSpec, RemoteErrorData, ToHub } from '../protocol.ts'
import { isLarge, itemOf, movable, withOwnBytes } from '../carried.ts'
import { LaneReader, LANES_BYTES, LaneWriter } from '../lanes.ts'
import { Leases, LEASES_BYTES } from '../leases.ts'
import { RING_BYTES, RingWriter } from '../ring.ts'
import type { SharedFile } from '../shared-memory.ts'
import type { VariableEnd } from '../share/channel.ts'
import { BrokenBarrierError, ConnectionClosed, QueueClosed, QueueEmpty, QueueFull, WorkerError } from './errors.ts'
import { Idleness } from './idleness.ts'
import { checkLimits, limit, type WaitOptions, within } from './limits.ts'
import { tellPrograms } from './programs-seen.ts'
import { QueueSide } from './queue-side.ts'

/** After so many items a realm gets memory of its own to send small ones through. */
const MANY = 64
/** After so many requests for items it gets some ahead of need. */
const SOME = 8
/** How long it may put items without a turn of the event loop, in milliseconds. */
const BREATH = 10

interface Pending {
  /** Why the waiting was given up; the hub has the last word on whether that came in time. */
  reason?: unknown
  resolve(value: unknown): void
  reject(error: unknown): void
}

interface WorkerChanges {
  began(beginning: Beginning): void
  ended(ending: Ending): void
}

const WITHOUT_LIMITS: WaitOptions = {}

/** Where a realm runs, as far as its waiting is concerned. */
export interface Place {
  /** Whether the event loop goes on when the realm has nothing else to do. */
  hold(alive: boolean): void
  /** Whether nothing from outside, such as a further cell, can make it go on. */
  isWaiting(): boolean
}

/** A realm's side of its link to the hub. */
export class HubClient implements Disposable {
  readonly #link: Link<ToHub, FromHub>
  readonly #pending = new Map<number, Pending>()
  readonly #workers = new Map<string, WorkerChanges>()
  #queues = new Map<string, QueueSide>()
  #lastRequest = 0
  #posted = 0
  #items = 0
  #gets = 0
  #breath = 0
  #ring: RingWriter | undefined
  #leases: Leases | undefined
  #lanes: Promise<void> | undefined
  #haveOpened = false
  readonly #place: Place
  readonly #idleness: Idleness
  readonly #finishLink = (): void => this.#link.finish?.()
  /** The workers whose ends are waited for here. */
  #joins = new Set<{ readonly worker: string }>()
  /** How many wait with a signal, which may come from anywhere. */
  #signals = 0
  #isRunning = false
  #traced = false
  /** Whether the hub is near enough to be told of each statement of a cell. */
  tellsStatements = false

  constructor(link: Link<ToHub, FromHub>, place: Place = { hold: alive => link.hold(alive), isWaiting: () => true }) {
    this.#link = link
    this.#place = place
    this.#idleness = new Idleness(alive => place.hold(alive))
    if (link.finish) process.once('exit', this.#finishLink)
  }

  /** Whether somebody traces. */
  get traced(): boolean {
    return this.#traced
  }

  set traced(on: boolean) {
    if (on !== this.#traced) tellPrograms(on ? news => this.tell({ type: 'program', ...news }) : undefined)
    this.#traced = on
  }

  [Symbol.dispose](): void {
    process.off('exit', this.#finishLink)
  }

  /** Forgets what the realm knew of queues: another target runs in it now. */
  begin(): void {
    this.#queues = new Map()
    this.#ring = undefined
    this.#leases = undefined
    this.#items = 0
    this.#gets = 0
    this.#joins = new Set()
    this.#signals = 0
    this.#isRunning = true
    const { user, system } = process.threadCpuUsage()
    this.#link.post({ type: 'begin', cpuTime: (user + system) / 1000 })
    this.#posted = 0
  }

  /** The target has ended. `stays`: another one may begin. */
  finish(outcome: Outcome, stays: boolean): void {
    this.#isRunning = false
    this.#idleness.stop()
    this.tell({ type: 'finished', outcome, clean: stays })
    this.#place.hold(stays)
  }

  tell(message: ToHub, transfer: Parcel['transfer'] = []): void {
    this.#post(message, transfer)
  }

  /**
   * Tells the hub of an item for a queue that has room: through shared memory, where there are many small ones. Resolves
   * when it has left; undefined when it has already.
   */
  put(side: QueueSide, item: QueueItem): Promise<void> | undefined {
    if (++this.#items === MANY) this.#openRing()
    if (this.#ring?.put(side.number, item, this.#posted)) {
      if (this.#ring.wakes()) this.#post({ type: 'rung' })
    } else if (this.#link.moves) {
      const own = withOwnBytes(item)
      this.#post({ type: 'item', queue: side.spec, item: own }, own === item ? [] : movable(own))
    } else {
      // Those that come next go by lanes, if any can.
      const opening = this.#notice(item)
      this.#post({ type: 'item', queue: side.spec, item })
      if (opening) return opening.then(() => this.#link.drained?.())
    }
    return this.#link.drained?.() ?? (this.#items % MANY === 0 ? this.#breathe() : undefined)
  }

  /** A statement of the cell begins, counted from 1. */
  begins(statement: number): void {
    if (this.tellsStatements) this.#post({ type: 'statement', number: statement })
  }

  /** Gives the notebook's owner its end of a line. */
  offer(end: VariableEnd): void {
    this.#post({ type: 'serve', end }, [end.port])
  }

  /** What this realm knows of a queue, and has of it ahead of need. */
  queue(spec: QueueSpec): QueueSide {
    let side = this.#queues.get(spec.id)
    if (!side) {
      side = new QueueSide(this, spec, this.#queues.size)
      this.#queues.set(spec.id, side)
      if (this.#ring) this.#number(side)
    }
    return side
  }

  /** What counts the items that this realm takes of those that it has ahead. Undefined as long as it has none. */
  get leases(): Leases | undefined {
    return this.#leases
  }

  /** The hub is asked for an item: with the next ones, it will lend some. */
  noteGet(): Leases | undefined {
    if (++this.#gets === SOME) void this.#openLeases(this.#queues)
    return this.#leases
  }

  /**
   * Asks the hub, and waits as long as the options say. What the hub gave is never lost: an answer that crosses with
   * the end of the waiting counts.
   */
  ask(ask: Ask, options: WaitOptions = WITHOUT_LIMITS): Promise<unknown> {
    if (options !== WITHOUT_LIMITS) checkLimits(options)
    options.signal?.throwIfAborted()
    if (ask.type === 'put') void this.#notice(ask.item)
    const request = ++this.#lastRequest
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const pending: Pending = { resolve, reject }
    this.#pending.set(request, pending)
    this.tell({ type: 'ask', request, ask, cell: currentOwner().cell }, ask.type === 'start' ? ask.spec.parcel.transfer : [])
    if (options.timeout === undefined && !options.signal) return promise
    const limits = limit(options, reason => {
      pending.reason ??= reason
      this.#post({ type: 'cancel', request })
    })
    if (mayCome(options.signal)) limits.defer(this.#noteSignal())
    return promise.finally(() => limits[Symbol.dispose]())
  }

  /** Waits for the end of a worker, as long as the options say. */
  async join<T>(worker: string, ended: Promise<T>, options: WaitOptions): Promise<T> {
    using noted = new DisposableStack()
    noted.defer(mayCome(options.signal) ? this.#noteSignal() : this.#noteJoin({ worker }))
    if (this.traced && this.#workers.has(worker)) noted.defer(this.#tellJoin(worker))
    return await within(ended, options)
  }

  /** Calls back when a worker that was started here has begun anew, and when it has ended. */
  onChange(worker: string, changes: WorkerChanges): void {
    this.#workers.set(worker, changes)
  }

  /** Takes a message of the hub that concerns requests, queues and workers of this realm. */
  receive(message: FromHub): void {
    if (message.type === 'probe') return this.#answerProbe(message.number)
    if (message.type === 'names') return void this.#tellNames()
    this.#idleness.stop()
    if (message.type === 'reply') {
      this.#settle(message.request)?.resolve(message.value)
      void this.#notice(itemOf(message))
    }
    else if (message.type === 'failed') this.#fail(message.request, message.error)
    else if (message.type === 'traced') this.traced = message.on
    else if (message.type === 'closed') this.#queues.get(message.queue)?.close()
    else if (message.type === 'ended') {
      this.#workers.get(message.worker)?.ended(message.ending)
      this.#workers.delete(message.worker)
    } else if (message.type === 'began') this.#workers.get(message.worker)?.began(message.beginning)
  }

  #post(message: ToHub, transfer: Parcel['transfer'] = []): void {
    this.#posted = (this.#posted + 1) | 0
    this.#link.post(message, transfer)
  }

  /** Whoever puts in a loop lets timers and messages have their turn now and then. */
  #breathe(): Promise<void> | undefined {
    if (performance.now() - this.#breath < BREATH) return undefined
    return nextTurn().then(() => {
      this.#breath = performance.now()
    })
  }

  /** Opens lanes with the first item that is large. Resolves when they are open; undefined for those that need not wait. */
  #notice(item: QueueItem): Promise<void> | undefined {
    if (this.#link.moves || this.#haveOpened || !isLarge(item)) return undefined
    return (this.#lanes ??= this.#openLanes().then(() => {
      this.#haveOpened = true
    }))
  }

  async #openLanes(): Promise<void> {
    const shared = this.#link.share?.(LANES_BYTES)
    if (!shared || shared instanceof SharedArrayBuffer) return
    const { memory, path } = shared
    const incoming = new LaneReader(memory, 1)
    this.#link.useLanes?.({ incoming })
    const isOpen = await this.ask({ type: 'lanes', memory: path })
    shared.opened()
    if (isOpen) this.#link.useLanes?.({ incoming, outgoing: new LaneWriter(memory, 0) })
  }

  #openRing(): void {
    const shared = this.#link.share?.(RING_BYTES)
    if (shared instanceof SharedArrayBuffer) {
      void this.ask({ type: 'ring', memory: shared })
      this.#useRing(shared)
    } else if (shared) void this.#offerRing(shared, this.#queues)
  }

  /** The other process may not be able to open it. */
  async #offerRing(shared: SharedFile, queues: ReadonlyMap<string, QueueSide>): Promise<void> {
    const isOpen = await this.ask({ type: 'ring', memory: shared.path })
    shared.opened()
    if (isOpen && queues === this.#queues) this.#useRing(shared.memory)
  }

  async #openLeases(queues: ReadonlyMap<string, QueueSide>): Promise<void> {
    const shared = this.#link.share?.(LEASES_BYTES)
    if (!shared) return
    const file = shared instanceof SharedArrayBuffer ? undefined : shared
    const isOpen = await this.ask({ type: 'leases', memory: file?.path ?? (shared as SharedArrayBuffer) })
    file?.opened()
    if (isOpen && queues === this.#queues) this.#leases = new Leases(file?.memory ?? (shared as SharedArrayBuffer))
  }

  #useRing(memory: ArrayBufferLike): void {
    this.#ring = new RingWriter(memory)
    for (const side of this.#queues.values()) this.#number(side)
  }

  #number({ spec, number }: QueueSide): void {
    this.#post({ type: 'number', queue: spec, number })
  }

  /** Tells the hub when nothing can go on here but by a message of the hub; else nothing. */
  #answerProbe(number: number): void {
    const isWaiting = () => this.#isRunning && this.#signals === 0 && this.#place.isWaiting()
    if (!isWaiting()) return
    this.#idleness.watch(() => {
      if (isWaiting()) this.tell({ type: 'idle', number, joins: [...this.#joins].map(({ worker }) => worker) })
    })
  }

  async #tellNames(): Promise<void> {
    const { variableNames } = await import('../trace/names.ts')
    this.tell({ type: 'names', variables: Object.fromEntries(variableNames()) })
  }

  #noteSignal(): () => void {
    this.#signals++
    return () => void this.#signals--
  }

  #noteJoin(join: { readonly worker: string }): () => void {
    const joins = this.#joins.add(join)
    return () => void joins.delete(join)
  }

  #tellJoin(worker: string): () => void {
    this.tell({ type: 'joins', worker, waits: true, done: false })
    return () => this.tell({ type: 'joins', worker, waits: false, done: !this.#workers.has(worker) })
  }

  #fail(request: number, error: RemoteErrorData): void {
    const pending = this.#settle(request)
    pending?.reject(error.name === 'Cancelled' ? pending.reason : revive(error))
  }

  #settle(request: number): Pending | undefined {
    const pending = this.#pending.get(request)
    this.#pending.delete(request)
    return pending
  }
}

/** That of the cell itself comes by an interrupt alone. */
function mayCome(signal: AbortSignal | undefined): boolean {
  return signal !== undefined && signal !== currentSignal()
}

const classes: Readonly<Record<string, new (message: string) => Error>> = {
  QueueEmpty,
  QueueFull,
  QueueClosed,
  BrokenBarrierError,
  ConnectionClosed,
  UsageError,
  KeyboardInterrupt: Interrupted
}

/** An error of the hub or of a worker, as this realm's own. */
function revive(data: RemoteErrorData): Error {
  const Class = classes[data.name]
  return Class ? new Class(data.message) : new WorkerError(data)
}
