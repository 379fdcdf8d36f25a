import { inspect, types } from 'node:util'
import { UsageError } from '../errors.ts'
import type { RemoteErrorData } from './protocol.ts'

/** Causes may go round in a circle. */
const DEEPEST = 10

/** What somebody threw, as it travels to whoever waits. Anything may be thrown, and may throw itself when looked at. */
export function describeThrown(thrown: unknown, depth = DEEPEST): RemoteErrorData {
  if (!isError(thrown)) return { name: 'Uncaught', message: safely(() => inspect(thrown), 'a value that cannot be shown'), stack: '' }
  const name = safely(() => String(thrown.name), 'Error')
  const message = safely(() => String(thrown.message), '')
  const cause = safely(() => thrown.cause, undefined)
  const of = depth > 0 && isError(cause) ? { cause: describeThrown(cause, depth - 1) } : {}
  return { name, message, stack: safely(() => String(thrown.stack ?? ''), ''), ...of }
}

/** The same as the session shows it for itself: with causes, and with the frames of all. */
export function showThrown(thrown: unknown): string {
  const { name, message, stack } = describeThrown(thrown)
  if (!isError(thrown)) return `${name} ${message}`
  if (thrown instanceof UsageError) return stack || `${name}: ${message}`
  // One without frames is shown in brackets.
  return safely(() => inspect(thrown), stack).replace(/^\[([^\]]*)\]/, '$1')
}

function isError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || types.isNativeError(thrown)
}

function safely<T>(describe: () => T, fallback: T): T {
  try {
    return describe()
  } catch {
    return fallback
  }
}
