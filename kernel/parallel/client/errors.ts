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

/** What was thrown in workers and is a WorkerError besides what it was there: of which class. */
const besides = new WeakMap<object, typeof WorkerError>()

/**
 * What failed in another thread or process. What was thrown there is thrown here, as far as it could be copied: of the same class,
 * with its `message`, `code`, `cause`, `errors` and other fields (those with sockets and the like are missing); its `stack` goes on
 * from the lines there to those here. It is a `WorkerError` besides: `worker` says where it was thrown, `remoteName`, `remoteMessage`
 * and `remoteStack` what it was there, unless it has fields of these names. It is nothing but a `WorkerError` when a worker was ended,
 * or has thrown what is no error, which is the `cause` then.
 *
 * @example
 * class NotFound extends Error { code = 404 }
 * const finders = new Pool({ size: 1 })
 * const error = await finders.apply(() => { throw new NotFound('no such thing') }).catch(error => error)
 * console.log(error instanceof NotFound, error.code, error.worker) // prints true 404 PoolWorker-1
 */
export class WorkerError extends Error {
  override readonly name: string = 'WorkerError'
  declare readonly worker: string | undefined
  declare readonly remoteName: string
  declare readonly remoteMessage: string
  declare readonly remoteStack: string

  constructor({ name, message, stack, cause }: RemoteErrorData, worker?: string) {
    const headline = said({ remoteName: name, remoteMessage: message })
    super(worker ? `${worker}: ${headline}` : headline, cause && { cause: causeOf(cause) })
    hide(this, { worker, remoteName: name, remoteMessage: message, remoteStack: stack })
    hide(this, { stack: [`WorkerError: ${this.message}`, ...framesOf(stack), ...framesOf(this.stack)].join('\n') })
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    const type = besides.get(value as object)
    return super[Symbol.hasInstance](value) || type === this || super[Symbol.hasInstance](type?.prototype)
  }
}

/** What it was there, in a line. */
export function said({ remoteName, remoteMessage }: Pick<WorkerError, 'remoteName' | 'remoteMessage'>): string {
  return remoteName === 'Uncaught' ? `Uncaught ${remoteMessage}` : `${remoteName}: ${remoteMessage}`
}

/** Adds to what was thrown in a worker what `error` says of that: it is such an error besides, and can be thrown in its place. */
export function merge(thrown: Error, error: WorkerError): WorkerError {
  const { name, message, stack = `${name}: ${message}` } = thrown
  const frames = [`    at ${error.worker}`, ...framesOf(new Error().stack)]
  const known = Object.getOwnPropertyNames(error).filter(key => !common.has(key) && !Object.prototype.propertyIsEnumerable.call(thrown, key))
  hide(thrown, { stack: [stack, ...frames].join('\n'), ...Object.fromEntries(known.map(key => [key, error[key as keyof WorkerError]])) })
  besides.set(thrown, error.constructor as typeof WorkerError)
  return thrown as WorkerError
}

const common = new Set(['name', 'message', 'stack', 'cause'])

function framesOf(stack = ''): readonly string[] {
  return stack.split('\n').filter(line => line.startsWith('    at '))
}

/** Sets fields for who asks: shown, they would say everything twice. */
export function hide(error: Error, fields: object): void {
  for (const [key, value] of Object.entries(fields)) Object.defineProperty(error, key, { value, writable: true, configurable: true })
}

function causeOf({ name, message, stack, cause }: RemoteErrorData): Error {
  const error = new Error(message, cause && { cause: causeOf(cause) })
  hide(error, { name, stack })
  return error
}
