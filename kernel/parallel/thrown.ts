import { inspect, types } from 'node:util'
import { UsageError } from '../errors.ts'
import type { RemoteErrorData } from './protocol.ts'

/** What somebody threw, as it travels to whoever waits. Anything may be thrown, and may throw itself when looked at. */
export function describeThrown(thrown: unknown): RemoteErrorData {
  if (!isError(thrown)) return { name: 'Uncaught', message: safely(() => inspect(thrown), 'a value that cannot be shown'), stack: '' }
  const name = safely(() => String(thrown.name), 'Error')
  const message = safely(() => String(thrown.message), '')
  return { name, message, stack: safely(() => String(thrown.stack ?? ''), '') }
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

function safely(describe: () => string, fallback: string): string {
  try {
    return describe()
  } catch {
    return fallback
  }
}
