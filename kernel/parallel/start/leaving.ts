import { writeSync } from 'node:fs'
import { inspect } from 'node:util'
import { libc } from './libc.ts'

// What Node itself calls: at the end of process.exit, and with an error that nobody caught.
interface Internals {
  reallyExit(code?: number): never
  _fatalException(error: unknown, fromPromise: boolean): boolean
  emit(name: string, ...values: unknown[]): boolean
}

/**
 * Has a forked process end without Node's tearing down, which would wait for ever for helper threads that the fork left
 * behind. The exit code, the `exit` event, uncaughtException handlers and a report of what nobody caught are as ever.
 */
export function leaveDirectly(): void {
  const internals = process as unknown as Internals
  const { emit, _fatalException: fatalException } = internals
  let failing = false
  internals.reallyExit = leave
  internals.emit = function (name, ...values) {
    const heard = emit.call(this, name, ...values)
    if (name === 'exit' && !failing) leave(Number(process.exitCode ?? 0))
    return heard
  }
  internals._fatalException = function (error, fromPromise) {
    failing = true
    if (!fatalException.call(this, error, fromPromise)) fail(error)
    failing = false
    return true
  }
}

function fail(error: unknown): never {
  try {
    writeSync(2, `Uncaught ${inspect(error)}\n`)
  } finally {
    leave(Number(process.exitCode ?? 1))
  }
}

function leave(code = 0): never {
  libc.fflush(null)
  return libc.exit(code)
}
