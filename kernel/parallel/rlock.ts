import { uniqueId } from '../random.ts'
import { registerCodec } from './capture/codecs.ts'
import { BaseLock } from './lock.ts'

/**
 * A lock that its holder, a thread or a process, may acquire again, and releases as often. Only the holder may release it.
 * All asynchronous functions of one thread or process are the same holder.
 *
 * @example
 * const lock = new RLock()
 * await lock.with(() => lock.with(() => console.log('twice')))
 */
export class RLock extends BaseLock {
  constructor(id = uniqueId()) {
    super({ id, recursive: true })
  }

  static {
    registerCodec('RLock', {
      test: value => value instanceof RLock,
      encode: (lock: RLock) => lock.spec.id,
      decode: (id: string) => new RLock(id),
      id: (lock: RLock) => lock.spec.id
    })
  }
}
