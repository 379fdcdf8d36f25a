import type { RemoteErrorData } from '../protocol.ts'

/** What was waited for did not come within `timeout` milliseconds. */
export class TimedOut extends Error {
  override readonly name = 'TimedOut'
  readonly timeout: number

  constructor(timeout: number, message = `Nothing came within ${timeout} ms.`) {
    super(message)
    this.timeout = timeout
  }
}

/** `get` without waiting found nothing, or waited in vain. */
export class QueueEmpty extends Error {
  override readonly name = 'QueueEmpty'
}

/** `put` without waiting found no room, or waited in vain. */
export class QueueFull extends Error {
  override readonly name = 'QueueFull'
}

/** `close()` was called: nothing can be put, or nothing more will come. */
export class QueueClosed extends Error {
  override readonly name = 'QueueClosed'
}

/** The other end of a Pipe is closed, or this one. */
export class ConnectionClosed extends Error {
  override readonly name = 'ConnectionClosed'
}

/** A party of a Barrier ended, gave up waiting, or called `abort()` or `reset()`. */
export class BrokenBarrierError extends Error {
  override readonly name = 'BrokenBarrierError'
}

/**
 * An error of another thread or process: `worker` says of which, `remoteName`, `remoteMessage` and `remoteStack` what it was
 * there, and `cause` what was its cause there, if that was an error.
 */
export class WorkerError extends Error {
  override readonly name = 'WorkerError'
  readonly worker: string | undefined
  readonly remoteName: string
  readonly remoteMessage: string
  readonly remoteStack: string

  constructor({ name, message, stack, cause }: RemoteErrorData, worker?: string) {
    const said = name === 'Uncaught' ? `Uncaught ${message}` : `${name}: ${message}`
    super(worker ? `${worker}: ${said}` : said, cause && { cause: causeOf(cause) })
    this.worker = worker
    this.remoteMessage = message
    this.remoteName = name
    this.remoteStack = stack
  }
}

function causeOf({ name, message, stack, cause }: RemoteErrorData): Error {
  const error = new Error(message, cause && { cause: causeOf(cause) })
  for (const [key, value] of Object.entries({ name, stack })) Object.defineProperty(error, key, { value, writable: true, configurable: true })
  return error
}
