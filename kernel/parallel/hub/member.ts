import type { Leases } from '../leases.ts'
import type { Client } from './hub.ts'
import type { PipeState } from './pipe-state.ts'
import type { Ring } from './ring.ts'
import type { Recorder } from './tracing/recorder.ts'
import type { Waiter } from './waiters.ts'

/** How a realm ended: its target returned, or it was killed, exited or failed. */
export type Leaving = 'returned' | 'failed'

/** What a realm can have of the others' until it gives it back. */
export interface Holding {
  /** Takes it back from a realm that has gone. Says what was done, if that is worth a warning. */
  abandoned(member: Member, leaving: Leaving): string | undefined
}

/** An end of a pipe on its way. */
export interface PipeGift {
  readonly pipe: PipeState
  readonly ticket: string
}

/** A realm as the hub knows it: the session's main thread, or a worker. */
export class Member {
  readonly client: Client
  /** Which worker it is: `''` for the session's main thread. */
  readonly worker: string
  /** What it waits for, by the number of its request. */
  readonly waiting = new Map<number, Waiter<never>>()
  readonly holdings = new Set<Holding>()
  /** Ends of pipes that it is sending away. */
  readonly sent: PipeGift[] = []
  begun = false
  gone = false
  /** The statement of its cell that began last, counted from 1. */
  statement: number | undefined
  /** How many messages came from it. */
  received = 0
  ring: Ring | undefined
  /** Odd while it is in an `Atomics.wait` without end. */
  counter: Int32Array | undefined
  /** What counts the items that it takes of those that it has ahead of need. */
  leases: Leases | undefined
  /** Memory that large bytes come and go by. */
  lanes: Disposable | undefined
  /** Whether it has access to the notebook's variables, as threads can have. */
  reachesVariables = false
  /** Notes what it does, while somebody traces. */
  recorder: Recorder | undefined
  #release: (() => void) | undefined

  constructor(client: Client, worker: string) {
    this.client = client
    this.worker = worker
  }

  /** Which `Atomics.wait` without end it is in. */
  get blocked(): number | undefined {
    const count = this.counter ? Atomics.load(this.counter, 0) : 0
    return count % 2 === 0 ? undefined : count
  }

  /** Counts by memory that is released when nothing is lent to it any more. */
  keep(leases: Leases, release: () => void): void {
    this.leases = leases
    this.#release = release
  }

  /** Nobody waits there any more, and what it held is free again. Returns warnings. */
  leave(leaving: Leaving): string[] {
    this.gone = true
    for (const waiter of this.waiting.values()) waiter.drop()
    const said = [...this.holdings].map(holding => holding.abandoned(this, leaving))
    this.holdings.clear()
    this.#release?.()
    return said.filter(text => text !== undefined)
  }
}
