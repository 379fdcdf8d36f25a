import { itemOf, movable } from '../carried.ts'
import type { Ask, ToHub } from '../protocol.ts'
import type { Member } from './member.ts'

/** What there is to know of a waiter in line: what happens when its realm gives up waiting, or goes away. */
export interface Standing {
  /** Default: it leaves the line, and is told so. */
  cancelled?(error: Error): void
  /** Default: nothing more than leaving the line. */
  dropped?(): void
  /** Where it is a lock: who has it. Anything else, anybody may bring about. */
  heldBy?(): Member | undefined
}

/** Whoever asked the hub for something, until there is an answer. */
export class Waiter<T> {
  readonly member: Member
  readonly request: number
  readonly ask: Ask
  /** The cell in which the waiting began. */
  readonly cell: string
  readonly since = Date.now()
  #settled = false
  #leave: (() => void) | undefined
  #standing: Standing = {}

  constructor(member: Member, { request, ask, cell }: Extract<ToHub, { type: 'ask' }>) {
    this.member = member
    this.request = request
    this.ask = ask
    this.cell = cell
  }

  /** Whether it stands in a line. */
  get isWaiting(): boolean {
    return this.member.waiting.has(this.request)
  }

  get heldBy(): (() => Member | undefined) | undefined {
    return this.#standing.heldBy
  }

  resolve(value: T): void {
    if (!this.#settle()) return
    const reply = { type: 'reply', request: this.request, value } as const
    this.member.client.post(reply, movable(itemOf(reply)))
    this.member.recorder?.answered(this.member, this.request, value)
  }

  reject({ name, message, stack = '' }: Error): void {
    if (!this.#settle()) return
    this.member.client.post({ type: 'failed', request: this.request, error: { name, message, stack } })
    this.member.recorder?.answered(this.member, this.request, undefined, name)
  }

  /** Notes how it leaves the line in which it stands now. */
  stand(leave: () => void, standing: Standing): void {
    this.#leave = leave
    this.#standing = standing
    if (!this.#settled) this.member.waiting.set(this.request, this as Waiter<never>)
  }

  /** Its realm waits no more, for this reason, but is there to hear so. */
  cancel(name: 'Cancelled' | 'KeyboardInterrupt', reason: string): void {
    const error = hubError(name, reason)
    if (this.#standing.cancelled) return this.#standing.cancelled(error)
    this.#leave?.()
    this.reject(error)
  }

  /** Its realm has gone. */
  drop(): void {
    this.#settled = true
    this.#leave?.()
    this.#standing.dropped?.()
  }

  #settle(): boolean {
    if (this.#settled) return false
    this.#settled = true
    this.member.waiting.delete(this.request)
    return true
  }
}

/** Who waits for one thing, first come first served, each with a note of what it is about. */
export class Line<T, Note = undefined> {
  readonly #line = new Map<Waiter<T>, Note>()
  get size(): number {
    return this.#line.size
  }

  add(waiter: Waiter<T>, note: Note, standing: Standing = {}): void {
    this.#line.set(waiter, note)
    waiter.stand(() => this.remove(waiter), standing)
  }

  remove(waiter: Waiter<T>): void {
    this.#line.delete(waiter)
  }

  shift(): { readonly waiter: Waiter<T>; readonly note: Note } | undefined {
    for (const [waiter, note] of this.#line) {
      this.#line.delete(waiter)
      return { waiter, note }
    }
    return undefined
  }

  resolveAll(value: T): void {
    for (let next = this.shift(); next; next = this.shift()) next.waiter.resolve(value)
  }

  rejectAll(error: Error): void {
    for (let next = this.shift(); next; next = this.shift()) next.waiter.reject(error)
  }
}

/** Errors cross the link by name: the client makes the class of it. */
export function hubError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}
