import { uniqueId } from '../random.ts'
import { registerCodec } from './capture/codecs.ts'
import type { WaitOptions } from './client/limits.ts'
import { realm } from './client/realm.ts'
import { granted } from './guard.ts'

/**
 * Something that has happened, or not yet: all wait for one.
 *
 * @example
 * const ready = new Event()
 * new Thread({ target: async () => { await ready.wait(); console.log('go') } }).start()
 * await ready.set()
 */
export class Event {
  readonly #id: string

  constructor(id = uniqueId()) {
    this.#id = id
  }

  /** It has happened: whoever waits goes on, and nobody waits any more. */
  async set(): Promise<void> {
    await realm().client.ask({ type: 'event', event: this.#id, action: 'set' })
  }

  /** It has not happened: who waits from now on, waits for the next `set()`. */
  async clear(): Promise<void> {
    await realm().client.ask({ type: 'event', event: this.#id, action: 'clear' })
  }

  /** Whether it has happened. */
  async isSet(): Promise<boolean> {
    return (await realm().client.ask({ type: 'event', event: this.#id, action: 'isSet' })) as boolean
  }

  /** Waits until it has happened. `false` when it had not within `timeout` milliseconds. */
  wait(options: WaitOptions = {}): Promise<boolean> {
    return granted({ type: 'event', event: this.#id, action: 'wait' }, options)
  }

  static {
    registerCodec('Event', {
      test: value => value instanceof Event,
      encode: (event: Event) => event.#id,
      decode: (id: string) => new Event(id),
      id: (event: Event) => event.#id
    })
  }
}
