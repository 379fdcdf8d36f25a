import { UsageError } from '../errors.ts'

/** Where a Redis is. */
export interface Address {
  /** With its password: for the connection alone. */
  readonly url: string
  /** As it may be shown. */
  readonly shown: string
  /** Whether only this machine can reach it by this address. */
  readonly isLoopback: boolean
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/

/**
 * Reads the URL of a Redis or Valkey: `redis://` or, with TLS, `rediss://`.
 *
 * @example readAddress('redis://:secret@10.0.0.5:6379/2').shown // 'redis://10.0.0.5:6379/2'
 */
export function readAddress(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined
  // Whatever it is, it may have a password in it.
  if (!url || !/^rediss?:$/.test(url.protocol) || !url.hostname) {
    throw new UsageError('The address of a Redis looks like redis://host:6379, or rediss://host:6379 with TLS.')
  }
  const { protocol, hostname, pathname } = url
  const shown = `${protocol}//${hostname}:${url.port || '6379'}${pathname === '/' ? '' : pathname}`
  return { url: text, shown, isLoopback: LOOPBACK.test(hostname) }
}
