import type { Redis } from 'ioredis'
import { UsageError } from '../errors.ts'
import type { Address } from './address.ts'

/** How long the first connection may take, in milliseconds. */
const PATIENCE = 5000
/** The longest pause between two attempts to connect again, in milliseconds. */
const LONGEST_PAUSE = 1000
/** Streams that are trimmed by an id came with this version. */
const OLDEST = [6, 2]

/**
 * Connects to a Redis; a connection that breaks later is made again, and what was asked meanwhile is asked then.
 *
 * @throws {UsageError} when none answers, or doesn't let us in: at once, or in some seconds at most
 */
export async function openRedis(address: Address): Promise<Redis> {
  const { Redis } = await import('ioredis')
  let isOpen = false
  let problem: Error | undefined
  const options = {
    lazyConnect: true,
    // Replies look the same with each server.
    protocol: 2 as const,
    // What waits for an answer waits for the connection too.
    maxRetriesPerRequest: null,
    connectTimeout: PATIENCE,
    keepAlive: PATIENCE,
    retryStrategy: (times: number) => (isOpen ? Math.min(times * 50, LONGEST_PAUSE) : null),
    reconnectOnError: ({ message }: Error) => (message.startsWith('READONLY') ? (2 as const) : false)
  }
  const redis = new Redis(address.url, options)
  redis.on('error', (error: Error) => {
    problem ??= error
  })
  try {
    await redis.connect()
    checkVersion(await redis.info('server'))
    isOpen = true
    return redis
  } catch (error) {
    redis.disconnect()
    throw error instanceof UsageError ? error : explain(address, problem ?? (error as Error))
  }
}

function checkVersion(info: string): void {
  const version = /^redis_version:(.*)$/m.exec(info)?.[1]?.trim() ?? ''
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [leastMajor = 0, leastMinor = 0] = OLDEST
  if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return
  throw new UsageError(`The Redis is of version ${version}: a cluster needs ${OLDEST.join('.')} or newer, or Valkey.`)
}

function explain({ shown }: Address, error: Error): UsageError {
  const { code, message } = (error as AggregateError).errors?.[0] as NodeJS.ErrnoException ?? error
  const reason = code ?? message
  if (/NOAUTH|WRONGPASS|AUTH/.test(message)) return new UsageError(`The Redis at ${shown} wants a password, or another one: redis://:PASSWORD@host:6379. (${message})`, { cause: error })
  return new UsageError(`No Redis answers at ${shown} (${reason}). Start one, such as redis-server, or give another address.`, { cause: error })
}
