import type { Sink } from '../output/sink.ts'
import { uniqueId } from '../random.ts'
import { currentOwner } from '../session/owner.ts'
import type { CommMessage, SessionEvent } from '../session/protocol.ts'

export type Data = Readonly<Record<string, unknown>>

export interface CommExtras {
  readonly metadata?: Data
  readonly buffers?: readonly Uint8Array[]
}

type Handler = (comm: CommMessage) => void
type Accept = (opening: CommMessage) => Handler
type StaleCheck = (controls: readonly string[]) => boolean

let table: CommTable | undefined

/** Called once, by the session's main thread. */
export function openComms(sink: Sink, outputsOf: (widget: string) => unknown): CommTable {
  return (table = new CommTable(sink, outputsOf))
}

/** The comms of this session. They are its main thread's: a worker has none. */
export function comms(): CommTable | undefined {
  return table
}

/** A connection with the front ends that show the notebook. */
export class Comm {
  readonly id: string
  readonly #table: CommTable
  #closed = false

  constructor(id: string, commTable: CommTable) {
    this.id = id
    this.#table = commTable
  }

  /** Tells all front ends. Nothing happens once it is closed. */
  send(data: Data, { metadata = {}, buffers = [] }: CommExtras = {}): void {
    if (!this.#closed) this.#table.say({ kind: 'msg', content: { comm_id: this.id, data }, metadata, buffers })
  }

  /** Tells all front ends what one of them has said, together with what else is said at that. */
  echo(data: Data, buffers: readonly Uint8Array[]): void {
    if (!this.#closed) this.#table.sayTogether(eventOf({ kind: 'msg', content: { comm_id: this.id, data }, metadata: {}, buffers }))
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#table.close(this.id)
  }
}

/** The open comms of the session, and who handles what front ends say on them. */
export class CommTable {
  readonly outputsOf: (widget: string) => unknown
  readonly #sink: Sink
  readonly #targets = new Map<string, Accept>()
  readonly #open = new Map<string, Handler>()
  readonly #ofCells = new Map<string, Set<string>>()
  readonly #lastRuns = new Map<string, string>()
  readonly #interrupted = new Set<() => void>()
  readonly #running = new Set<StaleCheck>()
  #isHolding = false
  #opensSoon = false

  /** @param outputsOf asks the front what an Output widget shows by now */
  constructor(sink: Sink, outputsOf: (widget: string) => unknown) {
    this.#sink = sink
    this.outputsOf = outputsOf
  }

  /** `accept` gets each comm that a front end opens for this target, and returns who gets what follows on it. Returns what ends that. */
  registerTarget(target: string, accept: Accept): () => void {
    this.#targets.set(target, accept)
    return () => void (this.#targets.get(target) === accept && this.#targets.delete(target))
  }

  /** Opens a comm in all front ends; `handler` gets what they say on it. */
  open(target: string, data: Data, handler: Handler, { metadata = {}, buffers = [] }: CommExtras = {}): Comm {
    const id = uniqueId()
    this.#open.set(id, handler)
    const { cell } = currentOwner()
    const others = this.#ofCells.get(cell)
    if (others) others.add(id)
    else this.#ofCells.set(cell, new Set([id]))
    this.#sayOpen({ kind: 'open', content: { comm_id: id, target_name: target, data }, metadata, buffers })
    return new Comm(id, this)
  }

  /** Widgets are made in numbers: those of one moment are opened together, before anything that may show them. */
  #sayOpen(comm: CommMessage): void {
    this.#sink.hold(eventOf(comm))
    if (this.#opensSoon) return
    this.#opensSoon = true
    queueMicrotask(() => {
      this.#opensSoon = false
      this.sayHeld()
    })
  }

  close(id: string): void {
    if (this.#open.delete(id)) this.say({ kind: 'close', content: { comm_id: id, data: {} }, metadata: {}, buffers: [] })
  }

  /** A cell of the notebook runs: what its last run has opened is closed. `run` is what it is called this time. */
  begin(cell: string, run: string): void {
    const last = this.#lastRuns.get(cell)
    this.#lastRuns.set(cell, run)
    if (last !== undefined) this.closeOf(last)
  }

  /** Closes what a cell, or a run, has opened. */
  closeOf(run: string): void {
    for (const id of this.#ofCells.get(run) ?? []) {
      this.#open.get(id)?.({ kind: 'close', content: { comm_id: id, data: {} }, metadata: {}, buffers: [] })
      this.close(id)
    }
    this.#ofCells.delete(run)
  }

  /** Calls back when the user interrupts what runs. Returns what ends that. */
  onInterrupt(callback: () => void): () => void {
    this.#interrupted.add(callback)
    return () => void this.#interrupted.delete(callback)
  }

  /** `isStale` says whether the code that calls it runs for values that newer ones of these controls replace. Returns what ends that. */
  onLate(isStale: StaleCheck): () => void {
    this.#running.add(isStale)
    return () => void this.#running.delete(isStale)
  }

  /** Whether what runs now does so for older values of these controls. */
  makesStale(controls: readonly string[]): boolean {
    return [...this.#running].some(isStale => isStale(controls))
  }

  interrupt(): void {
    for (const callback of this.#interrupted) callback()
  }

  say(comm: CommMessage): void {
    this.#sink.event(eventOf(comm))
  }

  /** Says something, which can wait for what else is said while a message is handled: each write wakes the front. */
  sayTogether(event: SessionEvent): void {
    if (this.#isHolding) this.#sink.hold(event)
    else this.#sink.event(event)
  }

  /** Says now what would be said soon. */
  sayHeld(): void {
    this.#sink.events([])
  }

  /** A message is going to be handled. */
  hold(): void {
    this.#isHolding = true
  }

  /** Messages were handled: what was held goes out, and this behind it. */
  release(events: readonly SessionEvent[]): void {
    this.#isHolding = false
    this.#sink.events(events)
  }

  /** Whether no front end could say anything. */
  get isEmpty(): boolean {
    return this.#open.size === 0 && this.#targets.size === 0
  }

  /** Takes a message of a front end. A comm that nobody knows is closed, as the protocol says. */
  receive(comm: CommMessage): void {
    const id = comm.content.comm_id
    if (comm.kind === 'open') this.#accept(comm)
    else this.#open.get(id)?.(comm)
    if (comm.kind === 'close') this.#open.delete(id)
  }

  #accept(comm: CommMessage): void {
    const target = String(comm.content['target_name'])
    const accept = this.#targets.get(target)
    if (!accept) return this.#refuse(comm, target)
    let receive: Handler = () => undefined
    // Before: it may be closed at once.
    this.#open.set(comm.content.comm_id, message => receive(message))
    receive = accept(comm)
  }

  #refuse(comm: CommMessage, target: string): void {
    const content = { comm_id: comm.content.comm_id, data: {} }
    this.#sink.write(currentOwner(), 'stderr', `Nothing in this session takes comms for the target "${target}".\n`)
    this.say({ kind: 'close', content, metadata: {}, buffers: [] })
  }
}

function eventOf(comm: CommMessage): SessionEvent {
  return { type: 'comm', owner: currentOwner(), comm }
}
