import type { MessagePort } from 'node:worker_threads'
import { keepNewest } from '../../keep-newest.ts'
import type { OutputServer } from '../../output/inherited.ts'
import type { Sink, SinkMemory } from '../../output/sink.ts'
import { portLink } from '../links.ts'
import type { Ask, Ending, FromHub, Link, ToHub, WorkerPlace } from '../protocol.ts'
import { type Asks, asksAbout, forTheLiving } from './asks.ts'
import { Deadlocks } from './deadlocks.ts'
import { openLanes } from './lanes.ts'
import { openLeases } from './leases.ts'
import { Member, type PipeGift } from './member.ts'
import type { PipeState } from './pipe-state.ts'
import { openRing, Ring, type RingOptions } from './ring.ts'
import { Reports } from './reports.ts'
import { Schedule, type Start } from './schedule.ts'
import { Things } from './things.ts'
import { Tracing } from './tracing/tracing.ts'
import { Waiter } from './waiters.ts'
import { Wakefulness } from './wakefulness.ts'
import { Workers } from './workers.ts'

/** The hub's side of a realm: the session's main thread, or a worker. */
export type Client = Link<FromHub, ToHub>

/** Cells whose numbers are remembered: what they have started may still run. */
const COUNTS_KEPT = 10_000

export interface HubOptions {
  readonly sink: Sink
  readonly memory: SinkMemory
  readonly output: OutputServer
  /** Where modules are looked for. */
  readonly folder: string
  readonly main: MessagePort
}

/**
 * Where everything that workers share lives: queues, locks and the workers themselves. It runs in the supervisor, so it
 * goes on while a cell blocks the main thread.
 */
export class Hub {
  readonly #things = new Things()
  readonly #members = new Map<Client, Member>()
  readonly #main: Member
  readonly #schedule = new Schedule()
  readonly #wakefulness = new Wakefulness(again => this.#lookIntoRings(again))
  readonly #deadlocks: Deadlocks
  readonly #tracing = new Tracing({
    members: () => this.#members.values(),
    workers: () => this.#workers.present(),
    backlog: queue => this.#things.queue(queue).recall()
  })
  readonly #interrupted = new Set<string>()
  /** The numbers of cells. */
  readonly #counts = new Map<string, number>()
  /** The ends of pipes that workers were started with. */
  readonly #given = new Map<string, readonly PipeGift[]>()
  #named = Promise.withResolvers<Readonly<Record<string, string>>>()
  readonly #workers: Workers
  readonly #sink: Sink
  readonly #asks: Asks

  constructor({ sink, memory, output, folder, main }: HubOptions) {
    const mainClient: Client = portLink(main)
    const attach = (client: Client, worker: string) => void this.#attach(client, worker)
    const detach = (client: Client, ending: Ending) => this.#detach(client, ending)
    this.#sink = sink
    const gone = (worker: string) => this.#takeBack(worker)
    this.#workers = new Workers({ sink, memory, output, folder, attach, detach, gone })
    this.#asks = {
      ring: ({ memory }, asking) => this.#openRing(asking, memory),
      leases: ({ memory }, asking) => asking.resolve(openLeases(memory, asking.member)),
      lanes: ({ memory }, asking) => asking.resolve(openLanes(memory, asking.member)),
      trace: ({ ends }, asking) => (ends === undefined ? void this.#tracing.begin(asking) : this.#tracing.end(asking, ends)),
      start: (ask, asking) => {
        this.#given.set(ask.worker, asking.member.sent.splice(0))
        if (ask.after === undefined) void this.#start(ask, asking)
        else this.#schedule.add(ask, asking, () => void this.#start(ask, asking))
      },
      settle: ({ workers }, asking) => void this.#workers.settle(workers).then(() => asking.resolve(undefined)),
      ...asksAbout(this.#things, new Reports({ workers: this.#workers, schedule: this.#schedule, sink, numberOf: cell => this.#counts.get(cell), isBlocked: client => this.#members.get(client)?.blocked !== undefined }), this.#workers.clusters)
    }
    this.#main = this.#attach(mainClient, '')
    this.#deadlocks = new Deadlocks({
      members: () => this.#members.values(),
      memberOf: worker => this.#memberOf(worker),
      nameOf: member => this.#workers.nameOf(member.client),
      cellOf: member => this.#workers.ownerOf(member.client).cell,
      isFar: member => this.#workers.isFar(member.client),
      variables: () => this.#variables(),
      threadsOf: member => this.#threadsOf(member),
      isExpecting: () => this.#schedule.size > 0 || this.#workers.areStarting,
      tell: (cell, text) => this.#sink.write({ cell }, 'stderr', `${text}\n`)
    })
  }

  /** Those that can reach the variables of a realm. */
  #threadsOf(member: Member): readonly Member[] {
    if (member === this.#main) return [...this.#members.values()].filter(({ reachesVariables }) => reachesVariables)
    return this.#workers.threadsIn(member.client).flatMap(client => this.#members.get(client) ?? [])
  }

  /** Asks the notebook. */
  #variables(): Promise<Readonly<Record<string, string>>> {
    this.#named = Promise.withResolvers()
    this.#main.client.post({ type: 'names' })
    return this.#named.promise
  }

  #memberOf(worker: string): Member | undefined {
    const client = this.#workers.clientOf(worker)
    return client && this.#members.get(client)
  }

  /** Where the workers that run a cell are in it. */
  placesIn(cell: string): WorkerPlace[] {
    return [...this.#workers.living()].flatMap(({ owner, spec, running }) => {
      const statement = running && this.#members.get(running.client)?.statement
      return owner.cell === cell && statement !== undefined ? [{ worker: spec.name, statement }] : []
    })
  }

  /** Stops the workers of the cell that runs, and what it waits for itself. */
  interrupt(cell: string): void {
    this.#schedule.interrupt(cell)
    this.#workers.interrupt(cell)
    this.#interrupted.add(cell)
    for (const waiter of this.#main.waiting.values()) this.#stopWaiting(waiter)
  }

  #attach(client: Client, worker: string): Member {
    const member = new Member(client, worker)
    member.recorder = this.#tracing.recorder
    this.#members.set(client, member)
    client.listen(message => {
      this.#wakefulness.note()
      if (message.type === 'begin') {
        member.begun = true
        this.#workers.begun(client, message.cpuTime)
      }
      if (message.type === 'begin' || !member.begun) return
      // First what came before the message through the ring, and at last what came after it.
      member.ring?.drain(member.received)
      member.received++
      if (member.recorder) member.recorder.during(member, message, () => this.#take(message, member))
      else this.#take(message, member)
      member.ring?.drain(member.received, this.#wakefulness.isAwake)
      this.#things.tidy()
    })
    return member
  }

  /** Takes what realms have written meanwhile. `again`: it will be called again soon. Returns whether there was something. */
  #lookIntoRings(again: boolean): boolean {
    let found = false
    for (const { ring, received } of this.#members.values()) if (ring?.drain(received, again)) found = true
    if (found) this.#things.tidy()
    return found
  }

  #take(message: ToHub, member: Member): void {
    ;(this.#messages[message.type] as (message: ToHub, member: Member) => void)(message, member)
    // What was sent away right before went with it.
    if (message.type === 'item' || message.type === 'ask') member.sent.length = 0
  }

  /** A realm has gone: nobody waits there any more, and what it held goes on to the next. */
  #detach(client: Client, ending: Ending): void {
    const member = this.#members.get(client)
    member?.ring?.close()
    member?.lanes?.[Symbol.dispose]()
    const warnings = member?.leave(ending.exitCode === 0 ? 'returned' : 'failed') ?? []
    member?.recorder?.ended(member, ending)
    this.#members.delete(client)
    this.#schedule.orphan(client)
    const owner = this.#workers.ownerOf(client)
    for (const warning of warnings) this.#sink.write(owner, 'stderr', `${this.#workers.nameOf(client)} ended while ${warning}.\n`)
  }

  readonly #messages: { readonly [T in ToHub['type']]: (message: Extract<ToHub, { type: T }>, member: Member) => void } = {
    ask: (message, member) => this.#answer(new Waiter(member, message)),
    cancel: ({ request }, member) => member.waiting.get(request)?.cancel('Cancelled', 'Nobody waits for this any more.'),
    item: ({ queue, item }, member) => {
      if (!this.#things.queue(queue).add(item)) this.#refuse(member)
    },
    begin: () => undefined,
    statement: ({ number }, member) => {
      member.statement = number
    },
    serve: ({ end }, member) => {
      member.reachesVariables = true
      this.#main.client.post({ type: 'serve', end }, [end.port])
    },
    idle: ({ number, joins }, member) => this.#deadlocks.answered(member, number, joins),
    blocks: ({ counter }, member) => {
      member.counter = counter
      this.#deadlocks.watch()
    },
    names: ({ variables }) => this.#named.resolve(variables),
    number: ({ queue, number }, { ring }) => ring?.number(queue, number),
    rung: () => undefined,
    joins: () => undefined,
    program: () => undefined,
    used: ({ queue }, member) => this.#things.queue(queue).used(member),
    close: ({ queue }) => this.#things.queue(queue).close(),
    pipe: ({ end, action, ticket }, member) => pipeActions[action](this.#things.pipe(end), member, ticket),
    warm: () => this.#workers.warm(),
    cell: ({ cell, count }) => this.#count(cell, count),
    unschedule: ({ worker }) => void this.#schedule.cancel(worker),
    interrupt: ({ cell }) => this.interrupt(cell),
    thread: ({ thread, news }, { client }) => this.#workers.hear(client, thread, news),
    kill: ({ worker, signal }) => this.#schedule.cancel(worker) || this.#workers.kill(worker, signal),
    finished: ({ outcome, clean }, { client }) => this.#workers.finished(client, outcome, clean)
  }

  #count(cell: string, count: number): void {
    this.#counts.set(cell, count)
    keepNewest(this.#counts, COUNTS_KEPT)
  }

  /** Ends of pipes that a worker was to have, and ended before it had them. */
  #takeBack(worker: string): void {
    for (const { pipe, ticket } of this.#given.get(worker) ?? []) pipe.lose(ticket)
    this.#given.delete(worker)
  }

  async #start({ worker, spec }: Start, asking: Waiter<unknown>): Promise<void> {
    const traced = this.#tracing.recorder ? { ...spec, traced: true } : spec
    try {
      const beginning = await this.#workers.start(worker, traced, asking.member.client)
      this.#tracing.recorder?.began(worker, beginning)
      asking.resolve(beginning)
    } catch (error) {
      this.#tracing.recorder?.began(worker, undefined)
      asking.reject(error as Error)
    }
  }

  #answer(asking: Waiter<unknown>): void {
    const { ask } = asking
    // What a realm asked with its last breath may arrive after the news of its end.
    if (asking.member.gone && forTheLiving.has(ask.type)) return
    try {
      ;(this.#asks[ask.type] as (ask: Ask, asking: Waiter<unknown>) => void)(ask, asking)
    } catch (error) {
      asking.reject(error as Error)
    }
    if (asking.member === this.#main) this.#stopWaiting(asking)
    if (asking.isWaiting) this.#deadlocks.watch()
  }

  /** Code of an interrupted cell may clean up, but not wait. */
  #stopWaiting(waiter: Waiter<unknown>): void {
    if (this.#interrupted.has(waiter.cell) && this.#main.waiting.has(waiter.request)) waiter.cancel('KeyboardInterrupt', 'The cell was interrupted.')
  }

  #openRing(asking: Waiter<unknown>, memory: SharedArrayBuffer | string): void {
    const { member } = asking
    const options: RingOptions = { things: this.#things, member, refuse: () => this.#refuse(member) }
    const use = (ring: Ring | undefined) => {
      if (member.gone) ring?.close()
      else member.ring = ring
      asking.resolve(ring !== undefined)
    }
    if (typeof memory === 'string') use(openRing(memory, options))
    else use(new Ring(memory, () => undefined, options))
  }

  #refuse(member: Member): void {
    const owner = this.#workers.ownerOf(member.client)
    this.#sink.write(owner, 'stderr', `${owner.worker ?? 'The cell'} put an item into a Queue that was closed at the same time: the item is gone.\n`)
  }
}

const pipeActions: { readonly [A in Extract<ToHub, { type: 'pipe' }>['action']]: (pipe: PipeState, member: Member, ticket?: string) => void } = {
  hold: (pipe, member, ticket) => pipe.hold(member, ticket),
  use: (pipe, member) => pipe.use(member),
  send: (pipe, member, ticket = '') => {
    pipe.send(ticket)
    member.sent.push({ pipe, ticket })
  },
  close: (pipe, member) => pipe.close(member)
}
