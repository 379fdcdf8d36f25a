import { UsageError } from '../errors.ts'
import { uniqueId } from '../random.ts'
import { registerCodec } from './capture/codecs.ts'
import type { WaitOptions } from './client/limits.ts'
import { realm } from './client/realm.ts'
import type { Ask, BarrierSpec, BarrierView, Passage } from './protocol.ts'

export interface BarrierOptions {
  /** What one of the parties does when all have come, before they go on. */
  readonly action?: () => unknown
  /** How long `wait` waits when it is not told, in milliseconds. Default: for ever. */
  readonly timeout?: number
}

/**
 * Where so many parties wait for each other, as often as they like.
 *
 * @example
 * const barrier = new Barrier(2)
 * new Thread({ target: () => barrier.wait() }).start()
 * await barrier.wait() // 0 or 1; the thread has the other one
 */
export class Barrier {
  readonly parties: number
  readonly #spec: BarrierSpec
  readonly #options: BarrierOptions

  constructor(parties: number, options: BarrierOptions = {}, id = uniqueId()) {
    if (!Number.isInteger(parties) || parties < 1) throw new UsageError(`A barrier needs a whole number of parties, 1 or more, not ${String(parties)}.`)
    this.parties = parties
    this.#options = options
    this.#spec = { id, parties, action: options.action !== undefined }
  }

  /**
   * Waits until all have come. Resolves to a number from 0 to `parties - 1`, another one for each. Rejects with
   * BrokenBarrierError when one of them ends or gives up waiting, the timeout of this one included.
   */
  async wait(options: WaitOptions = {}): Promise<number> {
    const { timeout } = this.#options
    const { index, act } = (await this.#ask('wait', timeout === undefined ? options : { timeout, ...options }).catch((error: unknown) => {
      options.signal?.throwIfAborted()
      throw error
    })) as Passage
    if (act) await this.#act()
    return index
  }

  /** As new: who waits is told that the barrier broke. */
  async reset(): Promise<void> {
    await this.#ask('reset')
  }

  /** Breaks the barrier: whoever waits, now or later, is told so. */
  async abort(): Promise<void> {
    await this.#ask('break')
  }

  /** How many wait at the moment. */
  async waiting(): Promise<number> {
    return ((await this.#ask('view')) as BarrierView).waiting
  }

  /** Whether it broke, and was not `reset` since. */
  async broken(): Promise<boolean> {
    return ((await this.#ask('view')) as BarrierView).broken
  }

  async #act(): Promise<void> {
    try {
      await this.#options.action?.()
    } catch (error) {
      await this.abort()
      throw error
    }
    await this.#ask('acted')
  }

  #ask(action: Extract<Ask, { type: 'barrier' }>['action'], limits?: WaitOptions): Promise<unknown> {
    return realm().client.ask({ type: 'barrier', barrier: this.#spec, action }, limits)
  }

  static {
    registerCodec('Barrier', {
      test: value => value instanceof Barrier,
      encode: (barrier: Barrier) => ({ parties: barrier.parties, options: barrier.#options, id: barrier.#spec.id }),
      decode: ({ parties, options, id }: { parties: number; options: BarrierOptions; id: string }) => new Barrier(parties, options, id),
      id: (barrier: Barrier) => barrier.#spec.id
    })
  }
}
