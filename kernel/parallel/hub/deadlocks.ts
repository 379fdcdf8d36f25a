import { setTimeout as sleep } from 'node:timers/promises'
import type { Idle, Names } from './deadlock-report.ts'
import type { Member } from './member.ts'
import type { Waiter } from './waiters.ts'

/** How long somebody must have waited before it is worth a look, in milliseconds. What is found to go on is looked at less and less often. */
const PATIENCE = 2000
const LONGEST = 60_000
/** How long realms may take to answer that they are idle, in milliseconds. */
const GRACE = 400
/** How long those on other machines may take, whose answers come by the network. */
const FAR_GRACE = 2000

export interface DeadlocksOptions {
  members(): Iterable<Member>
  /** A worker that runs. */
  memberOf(worker: string): Member | undefined
  nameOf(member: Member): string
  /** The cell that it belongs to. */
  cellOf(member: Member): string
  /** Whether it is on another machine. */
  isFar(member: Member): boolean
  /** The threads that reach its variables. */
  threadsOf(member: Member): readonly Member[]
  /** The notebook's variables that hold queues, locks and so on, by the ids of these. May never resolve: the notebook may be busy. */
  variables(): Promise<Names['variables']>
  /** Whether workers are about to run. */
  isExpecting(): boolean
  tell(cell: string, text: string): void
}

/**
 * Finds realms that wait for each other for ever, and tells of them once. Whoever has anything else to wait for, such
 * as a timer, a socket or a further cell, may still release or put something: only those count that say that they have not.
 */
export class Deadlocks {
  readonly #options: DeadlocksOptions
  readonly #told = new WeakSet<Waiter<never> | Member>()
  #timer: NodeJS.Timeout | undefined
  #delay = PATIENCE
  #joins = new Map<Member, readonly string[]>()
  #round = 0

  constructor(options: DeadlocksOptions) {
    this.#options = options
  }

  /** Somebody waits: looks in a while, and again as long as somebody does. */
  watch(): void {
    if (!this.#timer || this.#delay > PATIENCE) this.#lookIn(PATIENCE)
  }

  /** A realm is idle, but for these ends of workers that it waits for. */
  answered(member: Member, round: number, joins: readonly string[]): void {
    if (round === this.#round) this.#joins.set(member, joins)
  }

  #lookIn(delay: number): void {
    clearTimeout(this.#timer)
    this.#delay = delay
    this.#timer = setTimeout(() => void this.#look(), delay).unref()
  }

  /** Twice: somebody may have been woken by the last one that was not idle yet. */
  async #look(): Promise<void> {
    this.#timer = undefined
    const before = await this.#probe()
    const stuck = before.length > 0 ? await this.#probe() : before
    const waiters = new Set(before.flatMap(idle => idle.waiters))
    const blocked = new Map(before.map(idle => [idle.member, idle.blocked]))
    if (stuck.every(idle => idle.waiters.every(waiter => waiters.has(waiter)) && idle.blocked === blocked.get(idle.member))) void this.#report(stuck)
    if (!this.#timer) this.#lookAgain()
  }

  #lookAgain(): void {
    const waiters = [...this.#options.members()].flatMap(({ waiting }) => [...waiting.values()].filter(waiter => !this.#told.has(waiter)))
    const isBlocked = [...this.#options.members()].some(member => member.blocked !== undefined && !this.#told.has(member))
    if (waiters.length === 0 && !isBlocked) return
    const left = PATIENCE - (Date.now() - Math.max(...waiters.map(({ since }) => since)))
    this.#lookIn(left > 0 ? left : Math.min(Math.max(this.#delay, PATIENCE) * 2, LONGEST))
  }

  /** Asks all that could be stuck, and finds those that are. */
  async #probe(): Promise<readonly Idle[]> {
    const number = ++this.#round
    this.#joins = new Map()
    const suspects = this.#stuck(() => [])
    for (const { member } of suspects) member.client.post({ type: 'probe', number })
    if (suspects.length > 0) await this.#answers(suspects)
    return this.#stuck(member => this.#joins.get(member))
  }

  async #answers(suspects: readonly Idle[]): Promise<void> {
    const far = suspects.map(({ member }) => member).filter(member => this.#options.isFar(member))
    for (let waited = 0; waited < GRACE || (waited < FAR_GRACE && far.some(member => !this.#joins.has(member))); waited += GRACE) {
      await sleep(GRACE, undefined, { ref: false })
    }
  }

  async #report(stuck: readonly Idle[]): Promise<void> {
    const waiters = stuck.flatMap(idle => idle.waiters)
    const blocked = stuck.flatMap(idle => (idle.blocked === undefined ? [] : idle.member))
    const news = [...waiters, ...blocked].filter(each => !this.#told.has(each))
    if (news.length === 0) return
    for (const each of news) this.#told.add(each)
    const { nameOf, cellOf, memberOf, variables, tell } = this.#options
    const { reportOf } = await import('./deadlock-report.ts')
    const known = await Promise.race([variables(), sleep(GRACE, {}, { ref: false })])
    const ofWorker = (worker: string) => {
      const member = memberOf(worker)
      return member && nameOf(member)
    }
    const text = reportOf(stuck, { ofMember: nameOf, ofWorker, variables: known })
    // What a pool does is no cell's.
    for (const cell of new Set([...waiters.map(waiter => waiter.cell), ...blocked.map(cellOf)])) if (cell !== '') tell(cell, text)
  }

  /** Those of some realms whose waiting can be ended only by others of them: `joinsOf` is undefined for a realm that may go on. */
  #stuck(joinsOf: (member: Member) => readonly string[] | undefined): readonly Idle[] {
    const latest = Date.now() - PATIENCE
    const stuck = new Map<Member, Idle>()
    for (const member of this.#options.members()) {
      const { blocked } = member
      const [joins, waiters] = [joinsOf(member) ?? (blocked === undefined ? undefined : []), [...member.waiting.values()]]
      if (joins && waiters.every(({ since }) => since <= latest)) stuck.set(member, { member, waiters, joins, blocked })
    }
    for (let before = -1; before !== stuck.size; ) {
      before = stuck.size
      for (const idle of stuck.values()) if (this.#mayGoOn(idle, stuck)) stuck.delete(idle.member)
    }
    const isDeadlock = stuck.values().some(({ waiters, blocked }) => waiters.length > 0 || blocked !== undefined)
    const waits = ({ waiters, blocked }: Idle) => waiters.length + Number(blocked !== undefined)
    return isDeadlock ? [...stuck.values()].toSorted((a, b) => waits(b) - waits(a)) : []
  }

  #mayGoOn({ member, waiters, joins, blocked }: Idle, stuck: ReadonlyMap<Member, Idle>): boolean {
    const { members, memberOf, threadsOf, isExpecting } = this.#options
    const moves = (other: Member | undefined) => !other || !stuck.has(other)
    const anybodyMoves = () => isExpecting() || [...members()].some(moves)
    // A thread that reaches a realm's variables may do anything there, such as resolve a promise.
    if (threadsOf(member).some(moves)) return true
    // What isn't the hub's, such as a promise of the notebook, anybody may bring about; who is blocked can't even hear of the rest.
    if (waiters.length + joins.length === 0 || blocked !== undefined) return anybodyMoves()
    const mayEnd = ({ heldBy }: Waiter<never>) => {
      const holder = heldBy?.()
      // Who waits for a lock that it holds itself waits for somebody else to release it.
      return heldBy && holder !== member ? moves(holder) : anybodyMoves()
    }
    return waiters.some(mayEnd) || joins.some(worker => moves(memberOf(worker)))
  }
}
