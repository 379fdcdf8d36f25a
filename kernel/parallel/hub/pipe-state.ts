import type { Holding, Leaving, Member } from './member.ts'

interface PipeSide {
  /** Nothing can be sent or received by it any more. */
  close(): void
  /** Whether the last that was to send by it has ended: who reads at the other end would wait in vain. */
  abandon(is: boolean): void
}

/**
 * One side of a pipe: it is closed when no realm has it any more, or the last that used it has failed. If that has returned,
 * the other end hears so when it reads; who made the pipe may still use this side, or give it to the next.
 */
export class PipeState implements Holding {
  readonly #side: PipeSide
  /** Who has it, and whether it was given it or used it: who made the pipe has both sides, and seldom means to. */
  readonly #holders = new Map<Member, boolean>()
  /** Given away, and not yet arrived. */
  readonly #tickets = new Set<string>()

  get atRest(): boolean {
    return this.#holders.size + this.#tickets.size === 0
  }

  constructor(side: PipeSide) {
    this.#side = side
  }

  hold(member: Member, ticket?: string): void {
    if (ticket) this.#tickets.delete(ticket)
    this.#holders.set(member, this.#holders.get(member) ?? ticket !== undefined)
    member.holdings.add(this)
  }

  use(member: Member): void {
    this.#holders.set(member, true)
    this.#side.abandon(false)
    member.holdings.add(this)
  }

  send(ticket: string): void {
    this.#tickets.add(ticket)
    this.#side.abandon(false)
  }

  /** Whoever it was given to has ended before it had it. */
  lose(ticket: string): void {
    if (!this.#tickets.delete(ticket)) return
    if (this.#holders.size + this.#tickets.size === 0) this.#side.close()
    else if (!this.#isWanted) this.#side.abandon(true)
  }

  close(member: Member): void {
    this.#remove(member)
    if (this.#holders.size + this.#tickets.size === 0) this.#side.close()
  }

  abandoned(member: Member, leaving: Leaving): undefined {
    const meant = this.#holders.get(member)
    this.close(member)
    if (!meant || this.#isWanted) return
    if (leaving === 'failed') this.#side.close()
    else this.#side.abandon(true)
  }

  /** Whether somebody has it, or will, who was given it or has used it. */
  get #isWanted(): boolean {
    return this.#tickets.size > 0 || this.#holders.values().some(Boolean)
  }

  #remove(member: Member): void {
    this.#holders.delete(member)
    member.holdings.delete(this)
  }
}
