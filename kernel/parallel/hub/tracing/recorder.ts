import type { Ask, Beginning, Ending, ProgramNews, QueueItem, QueueSpec, ToHub, WorkerSpec } from '../../protocol.ts'
import type { MessageEvent, ProgramEvent, Recording, ThingKind, TraceEvent, TraceWorker, WaitEvent, WaitOutcome } from '../../trace/events.ts'
import type { Member } from '../member.ts'
import { Flow } from './flow.ts'
import { Holds } from './holds.ts'
import { describe, hasPreview } from './preview.ts'
import { type Question, questionOf, queueThing, type Thing } from './questions.ts'

export type Mutable<T> = { -readonly [K in keyof T]: T[K] }

export interface RecorderOptions {
  /** How many items a queue has. */
  backlog(queue: QueueSpec): number
  /** Who is there already, by their ids. */
  readonly workers: ReadonlyMap<string, TraceWorker>
  /** Their sides of the hub. */
  readonly members: Iterable<Member>
}

/** A request that is not answered yet. */
interface Open {
  readonly at: number
  readonly question?: Question | undefined
  /** The queue that it asks for an item. */
  readonly queue?: QueueSpec | undefined
  readonly message?: MessageEvent | undefined
  /** How often the lock was held that it let go of. */
  readonly depth?: number | undefined
}

type Heard<T extends ToHub['type']> = Extract<ToHub, { type: T }>

/** Notes what the realms ask of the hub and are answered, while somebody traces. */
export class Recorder {
  readonly #options: RecorderOptions
  readonly #events = new Set<TraceEvent>()
  readonly #workers: Map<string, Mutable<TraceWorker>>
  readonly #things = new Map<string, ThingKind>()
  readonly #flows = new Map<string, Flow>()
  readonly #holds = new Holds()
  readonly #open = new Map<Member, Map<number, Open>>()
  readonly #joins = new Map<string, Mutable<WaitEvent>>()
  /** Those that run, by who runs them and their numbers there. */
  readonly #programs = new Map<Member, Map<number, Mutable<ProgramEvent>>>()
  /** What the hub looks at now: what is answered at once was not waited for. */
  #now: { readonly member: Member; readonly request: number } | undefined

  constructor(options: RecorderOptions) {
    this.#options = options
    this.#workers = new Map([['', { name: 'MainThread', kind: 'main', pid: process.pid, ran: -Infinity }], ...options.workers])
    for (const member of options.members) for (const { request, ask } of member.waiting.values()) this.#asked(member, request, ask)
  }

  /** Notes what a realm says, and what comes of it when the hub takes it in. */
  during(member: Member, message: ToHub, takeIn: () => void): void {
    ;(this.#hearers[message.type] as ((message: ToHub, member: Member) => void) | undefined)?.(message, member)
    this.#now = message.type === 'ask' ? { member, request: message.request } : undefined
    try {
      takeIn()
    } finally {
      this.#now = undefined
    }
  }

  /** A realm has put an item into a queue, whichever way it came. */
  sent(member: Member, queue: QueueSpec, item: QueueItem): MessageEvent {
    const { id, kind } = this.#thing(queueThing(queue))
    const message: MessageEvent = { type: 'message', at: performance.now(), from: member.worker, through: id, ...describe(item) }
    this.#flow(queue).put(message)
    // What a pool and its workers say to each other besides is their own affair.
    if (kind !== 'Pool' || hasPreview(item)) this.#events.add(message)
    return message
  }

  /** A realm has its answer, or an error of that name. */
  answered(member: Member, request: number, value: unknown, error?: string): void {
    const open = this.#open.get(member)?.get(request)
    if (!open) return
    this.#open.get(member)?.delete(request)
    const done = error === undefined && value !== false
    const atOnce = this.#now?.member === member && this.#now.request === request
    if (!atOnce) this.#waited(member, open, error === undefined ? 'done' : (outcomes[error] ?? 'failed'))
    // Whoever waited for a notification has the lock again, whether or not it came.
    if (done || open.depth !== undefined) this.#holdsNow(member, open)
    if (done) this.#came(member, open, value)
    else if (open.message) this.#withdraw(open.message, open.queue)
  }

  #came(member: Member, { question, queue, message }: Open, value: unknown): void {
    if (question?.signals) this.#signal(member, question.signals, question.on, question.value ?? value)
    if (question?.frees) this.#holds.release(question.frees, performance.now(), this.#now)
    if (queue && !message) this.#received(member, queue)
  }

  /** A worker runs; without a pid it never will. */
  began(worker: string, beginning: Beginning | undefined): void {
    const at = performance.now()
    const { pid, machine } = beginning ?? {}
    this.#change(worker, pid === undefined ? { ended: at } : { pid, ran: at, ...(machine === undefined ? {} : { machine }) })
    if (pid === undefined) this.#events.add({ type: 'end', at, worker })
  }

  /** A worker has gone. */
  ended(ended: Member, { exitCode, signal, outcome }: Ending): void {
    const at = performance.now()
    const { worker, client } = ended
    // What becomes of its programs is not known any more.
    this.#programs.delete(ended)
    for (const [member, opens] of this.#open) {
      if (member.client !== client) continue
      for (const open of opens.values()) this.#waited(member, open, 'ended')
      this.#open.delete(member)
    }
    this.#holds.endAllOf(worker, at)
    const error = outcome?.status === 'threw' ? `${outcome.error.name}: ${outcome.error.message}` : undefined
    this.#events.add({ type: 'end', at, worker, exitCode, ...(signal ? { signal } : {}), ...(error ? { error } : {}) })
    this.#change(worker, { ended: at })
  }

  /** What has happened since `begin`, and what was under way then. */
  recording(begin: number): Recording {
    const now = performance.now()
    const openWaits = [...this.#open].flatMap(([member, opens]) => [...opens.values()].flatMap(open => this.#waitOf(member, open) ?? []))
    const events = [...this.#events, ...openWaits].filter(event => endOf(event) >= begin).toSorted((a, b) => a.at - b.at)
    const workers = [...this.#workers].filter(([, { ended }]) => (ended ?? now) >= begin)
    return {
      duration: now - begin,
      things: this.#things,
      workers: new Map(workers.map(([id, worker]) => [id, shifted(worker, begin)])),
      events: events.map(event => shifted(event, begin))
    }
  }

  readonly #hearers: { readonly [T in ToHub['type']]?: (message: Heard<T>, member: Member) => void } = {
    ask: ({ request, ask }, member) => this.#asked(member, request, ask),
    item: ({ queue, item }, member) => void this.sent(member, queue, item),
    close: ({ queue }, member) => this.#signal(member, 'close', queueThing(queue)),
    pipe: ({ end, action }, member) => {
      if (action === 'close') this.#signal(member, action, { id: end.pipe, kind: 'Pipe' })
    },
    kill: ({ worker, signal }, member) => void this.#events.add({ type: 'signal', at: performance.now(), who: member.worker, action: signal, on: worker }),
    program: (news, member) => this.#program(member, news),
    joins: ({ worker, waits, done }, member) => this.#joined(member, worker, waits, done)
  }

  #asked(member: Member, request: number, ask: Ask): void {
    const question = questionOf(ask)
    if (ask.type === 'start') this.#starts(ask.worker, ask.spec, member)
    if (!question) return
    this.#thing(question.on)
    const open: Open = {
      at: performance.now(),
      question,
      queue: ask.type === 'get' || ask.type === 'put' ? ask.queue : undefined,
      message: ask.type === 'put' ? this.sent(member, ask.queue, ask.item) : undefined,
      depth: ask.type === 'sleep' ? this.#holds.end(ask.lock, performance.now()) : undefined
    }
    const opens = this.#open.get(member) ?? new Map<number, Open>()
    this.#open.set(member, opens.set(request, open))
  }

  #starts(worker: string, { name, kind }: WorkerSpec, { worker: by }: Member): void {
    this.#workers.set(worker, { name, kind })
    this.#events.add({ type: 'start', at: performance.now(), worker, by })
  }

  #change(worker: string, facts: Partial<TraceWorker>): void {
    const known = this.#workers.get(worker)
    if (known) this.#workers.set(worker, { ...known, ...facts })
  }

  /** Nothing is lent to realms as long as somebody traces. */
  #received(member: Member, queue: QueueSpec): void {
    const message: Mutable<MessageEvent> | undefined = this.#flow(queue).take()
    if (message) Object.assign(message, { received: performance.now(), to: member.worker })
  }

  #withdraw(message: MessageEvent, queue: QueueSpec | undefined): void {
    if (queue) this.#flow(queue).withdraw(message)
    this.#events.delete(message)
  }

  #waited(member: Member, open: Open, outcome: WaitOutcome): void {
    const wait = this.#waitOf(member, open)
    if (wait) this.#events.add({ ...wait, until: performance.now(), outcome })
  }

  #waitOf(member: Member, { at, question, queue }: Open): WaitEvent | undefined {
    // A pool always waits for its workers.
    if (!question?.waits || queue?.id.startsWith('pool-results')) return undefined
    return { type: 'wait', at, who: member.worker, action: question.waits, on: question.on.id }
  }

  #joined(member: Member, worker: string, waits: boolean, done: boolean): void {
    const key = `${member.worker} ${worker}`
    const at = performance.now()
    if (waits && !this.#joins.has(key)) {
      const wait: WaitEvent = { type: 'wait', at, who: member.worker, action: 'join', on: worker }
      this.#joins.set(key, wait)
      this.#events.add(wait)
    } else if (!waits) {
      const wait = this.#joins.get(key)
      if (wait) Object.assign(wait, { until: at, outcome: done ? 'done' : 'given up' })
      this.#joins.delete(key)
    }
  }

  #signal(member: Member, action: string, on: Thing, value?: unknown): void {
    const { kind } = this.#thing(on)
    if (kind === 'Pool') return
    this.#events.add({ type: 'signal', at: performance.now(), who: member.worker, action, on: on.id, ...(kind === 'Value' ? { value: String(value) } : {}) })
  }

  #program(member: Member, { program, command, pid, ended }: ProgramNews): void {
    const running = this.#programs.get(member) ?? new Map<number, Mutable<ProgramEvent>>()
    this.#programs.set(member, running)
    const at = performance.now()
    if (command !== undefined) {
      const event: ProgramEvent = { type: 'program', at, who: member.worker, command, ...(pid === undefined ? {} : { pid }) }
      running.set(program, event)
      this.#events.add(event)
    }
    const event = ended && running.get(program)
    if (!event) return
    Object.assign(event, { until: at, ...ended })
    running.delete(program)
  }

  #holdsNow(member: Member, { question, depth }: Open): void {
    const lock = question?.locks
    const event = lock && this.#holds.begin(lock, { type: 'hold', at: performance.now(), who: member.worker, on: lock.id }, this.#now, depth)
    if (event) this.#events.add(event)
  }

  #thing(thing: Thing): Thing {
    this.#things.set(thing.id, thing.kind)
    return thing
  }

  #flow(queue: QueueSpec): Flow {
    let flow = this.#flows.get(queue.id)
    if (!flow) this.#flows.set(queue.id, (flow = new Flow(this.#options.backlog(queue))))
    return flow
  }
}

/** By the names of errors. */
const outcomes: Readonly<Record<string, WaitOutcome>> = {
  Cancelled: 'given up',
  QueueClosed: 'closed',
  BrokenBarrierError: 'broken',
  KeyboardInterrupt: 'interrupted'
}

function endOf(event: TraceEvent): number {
  if (event.type === 'message') return event.received ?? Infinity
  return event.type === 'wait' || event.type === 'hold' || event.type === 'program' ? (event.until ?? Infinity) : event.at
}

const times = ['at', 'until', 'received', 'ran', 'ended']

function shifted<T extends object>(facts: T, begin: number): T {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, times.includes(name) ? (value as number) - begin : (value as unknown)])) as T
}
