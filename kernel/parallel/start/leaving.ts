import { writeSync } from 'node:fs'
import { inspect } from 'node:util'
import { libc } from './libc.ts'

// What Node itself calls: at the end of process.exit, and with an error that nobody caught.
interface Internals {
  reallyExit(code?: number): never
  _fatalException(error: unknown, fromPromise: boolean): boolean
  emit(name: string, ...values: unknown[]): boolean
}

type Tell = (exitCode: number) => void

/** From so much memory on, in kilobytes, the end of a process is the moment in which the system has it back. */
const MUCH = 256 * 1024

/**
 * Has a forked process end without Node's tearing down, which would wait for ever for helper threads that the fork left
 * behind. The exit code, the `exit` event, uncaughtException handlers and a report of what nobody caught are as ever.
 *
 * @param tell hears the exit code when nothing is left to be done but by the system, which takes some milliseconds
 */
export function leaveDirectly(tell: Tell): void {
  const internals = process as unknown as Internals
  const { emit, _fatalException: fatalException } = internals
  const leave = (code?: number): never => leaveWith(code, tell)
  let failing = false
  internals.reallyExit = leave
  internals.emit = function (name, ...values) {
    const heard = emit.call(this, name, ...values)
    if (name === 'exit' && !failing) leave(Number(process.exitCode ?? 0))
    return heard
  }
  internals._fatalException = function (error, fromPromise) {
    failing = true
    if (!fatalException.call(this, error, fromPromise)) fail(error, leave)
    failing = false
    return true
  }
}

function fail(error: unknown, leave: Tell): void {
  try {
    writeSync(2, `Uncaught ${inspect(error)}\n`)
  } finally {
    leave(Number(process.exitCode ?? 1))
  }
}

function leaveWith(code = 0, tell: Tell): never {
  libc.fflush(null)
  try {
    if (process.resourceUsage().maxRSS < MUCH) tell(code & 0xff)
  } catch {
    // Whoever would hear it has gone.
  }
  return libc.exit(code)
}
