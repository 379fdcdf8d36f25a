import type { Holding, Leaving, Member } from './member.ts'

/** One side of a pipe: it is closed when no realm has it any more, or the last that used it has failed. */
export class PipeState implements Holding {
  readonly #close: () => void
  /** Who has it, and whether it was given it or used it: who made the pipe has both sides, and seldom means to. */
  readonly #holders = new Map<Member, boolean>()
  /** Given away, and not yet arrived. */
  readonly #tickets = new Set<string>()

  get atRest(): boolean {
    return this.#holders.size + this.#tickets.size === 0
  }

  constructor(close: () => void) {
    this.#close = close
  }

  hold(member: Member, ticket?: string): void {
    if (ticket) this.#tickets.delete(ticket)
    this.#holders.set(member, this.#holders.get(member) ?? ticket !== undefined)
    member.holdings.add(this)
  }

  use(member: Member): void {
    this.#holders.set(member, true)
    member.holdings.add(this)
  }

  send(ticket: string): void {
    this.#tickets.add(ticket)
  }

  close(member: Member): void {
    this.#remove(member)
    if (this.#holders.size + this.#tickets.size === 0) this.#close()
  }

  abandoned(member: Member, leaving: Leaving): undefined {
    const meant = this.#holders.get(member)
    this.close(member)
    const others = [...this.#holders.values()]
    if (leaving === 'failed' && meant && !others.includes(true) && this.#tickets.size === 0) this.#close()
  }

  #remove(member: Member): void {
    this.#holders.delete(member)
    member.holdings.delete(this)
  }
}
