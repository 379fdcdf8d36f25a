import type { Member } from './member.ts'
import type { Waiter } from './waiters.ts'

/** How long realms must have waited for each other before they are looked at, in milliseconds. */
const PATIENCE = 2000
const HELP = 'They will wait for ever: interrupt the cell, or end one of them.'

export interface DeadlocksOptions {
  members(): Iterable<Member>
  nameOf(member: Member): string
  tell(waiter: Waiter<never>, text: string): void
}

/** A realm that does nothing but wait for a lock of another one. */
interface Blocked {
  readonly member: Member
  readonly waiter: Waiter<never>
  readonly holder: Member
}

/**
 * Finds realms that wait for each other's locks for ever, and tells of them once. A realm that has anything else to wait
 * for, such as a timer, may still release what it holds: only those that say that they have not are counted.
 */
export class Deadlocks {
  readonly #options: DeadlocksOptions
  readonly #told = new WeakSet<Waiter<never>>()
  #timer: NodeJS.Timeout | undefined
  #quiet = new Set<Member>()
  #round = 0

  constructor(options: DeadlocksOptions) {
    this.#options = options
  }

  /** Somebody waits for a lock: looks in a while, and again as long as somebody does. */
  watch(): void {
    if (this.#timer) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#ask()
    }, PATIENCE).unref()
  }

  /** A realm's answer to a probe. Whoever was woken since its answer does not wait as long any more as those that are stuck. */
  answered(member: Member, round: number, quiet: boolean): void {
    if (round !== this.#round || !quiet) return
    this.#quiet.add(member)
    const stuck = this.#stuck(each => this.#quiet.has(each))
    const [first] = stuck
    if (!first || stuck.every(({ waiter }) => this.#told.has(waiter))) return
    for (const { waiter } of stuck) this.#told.add(waiter)
    this.#options.tell(first.waiter, `Deadlock: ${stuck.map(each => this.#describe(each)).join(', and ')}. ${HELP}`)
  }

  #ask(): void {
    this.#round++
    this.#quiet = new Set()
    for (const { member } of this.#stuck(() => true)) member.client.post({ type: 'probe', number: this.#round })
    const waiting = [...this.#options.members()].some(member => [...member.waiting.values()].some(waiter => waiter.heldBy && !this.#told.has(waiter)))
    if (waiting) this.watch()
  }

  #describe({ member, waiter, holder }: Blocked): string {
    const { nameOf } = this.#options
    return `${nameOf(member)} waits for ${waiter.what} that ${nameOf(holder)} holds`
  }

  /** Those of some realms whose waiting can be ended only by others of them. */
  #stuck(counts: (member: Member) => boolean): readonly Blocked[] {
    const latest = Date.now() - PATIENCE
    let stuck = [...this.#options.members()].filter(counts).flatMap(member => blockedOf(member, latest))
    for (let before = -1; before !== stuck.length; ) {
      before = stuck.length
      const members = new Set(stuck.map(({ member }) => member))
      stuck = stuck.filter(({ holder }) => members.has(holder))
    }
    return stuck
  }
}

function blockedOf(member: Member, latest: number): Blocked[] {
  const waiters = [...member.waiting.values()]
  const blocked = waiters.flatMap(waiter => {
    const holder = waiter.heldBy?.()
    return holder && waiter.since <= latest ? [{ member, waiter, holder }] : []
  })
  // Whoever waits for anything else, too, may go on when that comes.
  return blocked.length === waiters.length ? blocked : []
}
