import type { LockSpec } from '../../protocol.ts'
import type { HoldEvent } from '../../trace/events.ts'
import type { Mutable } from './recorder.ts'

interface Hold {
  readonly event: Mutable<HoldEvent>
  /** What the hub did when it began. */
  readonly during: unknown
  depth: number
}

/** Who has which lock. */
export class Holds {
  readonly #holds = new Map<string, Hold>()

  /** Somebody has acquired a lock, perhaps as often as `depth` says, perhaps again. Undefined when nothing new has begun. */
  begin(lock: LockSpec, event: HoldEvent, during: unknown, depth = 1): HoldEvent | undefined {
    const before = this.#holds.get(lock.id)
    if (before && lock.recursive && before.event.who === event.who) {
      before.depth++
      return undefined
    }
    this.end(lock, event.at)
    this.#holds.set(lock.id, { event, during, depth })
    return event
  }

  /** It was released once, and may have passed on to the next one in the course of that. */
  release(lock: LockSpec, at: number, during: unknown): void {
    const hold = this.#holds.get(lock.id)
    if (hold && hold.during !== during && --hold.depth === 0) this.end(lock, at)
  }

  /** Nobody has it any more. Returns how often it was acquired. */
  end({ id }: Pick<LockSpec, 'id'>, at: number): number | undefined {
    const hold = this.#holds.get(id)
    this.#holds.delete(id)
    if (hold) hold.event.until = at
    return hold?.depth
  }

  /** Somebody has gone. */
  endAllOf(who: string, at: number): void {
    for (const [id, { event }] of this.#holds) if (event.who === who) this.end({ id }, at)
  }
}
