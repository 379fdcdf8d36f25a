import { uniqueId } from '../random.ts'
import { registerCodec } from './capture/codecs.ts'
import type { TryOptions } from './client/limits.ts'
import { realm } from './client/realm.ts'
import { granted, Guard } from './guard.ts'
import type { LockSpec } from './protocol.ts'

/** What Lock and RLock have in common. */
export abstract class BaseLock extends Guard {
  /** The lock as the hub knows it. */
  readonly spec: LockSpec

  constructor(spec: LockSpec) {
    super()
    this.spec = spec
  }

  acquire(options: TryOptions = {}): Promise<boolean> {
    return granted({ type: 'acquire', lock: this.spec, wait: options?.wait ?? true }, options)
  }

  async release(): Promise<void> {
    await realm().client.ask({ type: 'release', lock: this.spec })
  }

  /** Whether anybody holds it at the moment. */
  async locked(): Promise<boolean> {
    return (await realm().client.ask({ type: 'locked', lock: this.spec })) as boolean
  }
}

/**
 * Lets one at a time go on: thread, process, or asynchronous function of the same. Anybody may release it. When a worker
 * ends while it holds a lock, the next one gets it, and the cell is told.
 *
 * @example
 * const lock = new Lock()
 * let counter = 0
 * {
 *   await using held = await lock.hold()
 *   counter++
 * } // released here, whatever happened
 */
export class Lock extends BaseLock {
  constructor(id = uniqueId()) {
    super({ id, recursive: false })
  }

  static {
    registerCodec('Lock', {
      test: value => value instanceof Lock,
      encode: (lock: Lock) => lock.spec.id,
      decode: (id: string) => new Lock(id),
      id: (lock: Lock) => lock.spec.id
    })
  }
}
