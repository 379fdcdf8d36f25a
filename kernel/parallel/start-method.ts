import { UsageError } from '../errors.ts'
import type { StartMethod } from './protocol.ts'

let chosen: StartMethod | undefined

/**
 * How processes start that don't say it themselves, as in Python's multiprocessing: `forkserver` forks each from a Node
 * process that is ready, in milliseconds; `spawn` starts a new one, in some tens of milliseconds, with nothing inherited
 * and garbage collection on several cores. It may be changed at any time, and processes hand it on to those that they
 * start.
 *
 * @throws {UsageError} when there is no such method here
 * @example setStartMethod('spawn')
 */
export function setStartMethod(method: StartMethod): void {
  chosen = checkStartMethod(method)
}

/**
 * The start method. Default: `forkserver` where the system can fork a Node process (Linux), else `spawn`.
 *
 * @example getStartMethod() // 'forkserver'
 */
export function getStartMethod(): StartMethod {
  return chosen ?? (canFork() ? 'forkserver' : 'spawn')
}

export function checkStartMethod(method: StartMethod): StartMethod {
  if ((method as string) === 'fork') throw new UsageError("There is no start method 'fork': a session has threads, which a fork would lose. Use 'forkserver', which is as quick.")
  if (method !== 'forkserver' && method !== 'spawn') throw new UsageError(`There is no start method '${String(method)}'. There are 'forkserver' and 'spawn'.`)
  if (method === 'forkserver' && !canFork()) throw new UsageError("This system can't fork a Node process: use the start method 'spawn'.")
  return method
}

function canFork(): boolean {
  return process.platform === 'linux'
}
