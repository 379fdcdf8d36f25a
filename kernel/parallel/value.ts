import { UsageError } from '../errors.ts'
import { uniqueId } from '../random.ts'
import { registerCodec } from './capture/codecs.ts'
import { RLock } from './rlock.ts'
import { realm } from './client/realm.ts'
import type { Ask, ValueSpec } from './protocol.ts'

/** `new Value(0)` is one of numbers, not of zeros. */
type Kind<T extends number | bigint> = T extends bigint ? bigint : number

/**
 * A number that all threads and processes have in common. It lives beside the session, since processes can't share
 * memory with it: each look at it takes about as long as a message. `add` can't be interrupted by others; for more than
 * that, hold its lock.
 *
 * @example
 * const total = new Value(0)
 * await total.add(5) // 5, in whichever worker
 * await total.getLock().with(async () => total.set((await total.get()) * 2))
 */
export class Value<T extends number | bigint = number | bigint> {
  readonly #spec: ValueSpec

  constructor(initial: T, id = uniqueId()) {
    this.#spec = { id, initial: this.#checked(initial) }
  }

  /** What it is at the moment. */
  async get(): Promise<Kind<T>> {
    return this.#ask('get', this.#spec.initial as Kind<T>)
  }

  /** Rejects with a UsageError for a bigint where it is a number, and the other way round. */
  async set(value: Kind<T>): Promise<void> {
    await this.#ask('set', this.#checked(value, typeof this.#spec.initial))
  }

  /** Adds to it, all at once, and resolves to the sum. */
  async add(amount: Kind<T>): Promise<Kind<T>> {
    return this.#ask('add', this.#checked(amount, typeof this.#spec.initial))
  }

  /** Its own lock, for whoever reads and then writes. Nobody else has to respect it. */
  getLock(): RLock {
    return new RLock(`${this.#spec.id} lock`)
  }

  async #ask(action: Extract<Ask, { type: 'value' }>['action'], operand: Kind<T>): Promise<Kind<T>> {
    return (await realm().client.ask({ type: 'value', value: this.#spec, action, operand })) as Kind<T>
  }

  #checked<V>(value: V, type: string = typeof value): V {
    if (type !== 'number' && type !== 'bigint') throw new UsageError(`A Value is a number or a bigint, as in new Value(0), not a ${type}.`)
    if (typeof value !== type) throw new UsageError(`This Value is a ${type}: a ${typeof value} does not go with it.`)
    return value
  }

  static {
    registerCodec('Value', {
      test: value => value instanceof Value,
      encode: (value: Value) => value.#spec,
      decode: ({ initial, id }: ValueSpec) => new Value(initial, id),
      id: (value: Value) => value.#spec.id
    })
  }
}
