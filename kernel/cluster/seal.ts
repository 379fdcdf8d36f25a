import { createHmac, timingSafeEqual } from 'node:crypto'

/** So many bytes of a seal are sent: nobody guesses them. */
export const SEAL_LENGTH = 16

/** A key for one purpose, which says nothing about the key that it is made from. */
export function derive(secret: Uint8Array, ...purpose: readonly (string | Uint8Array)[]): Buffer {
  const hmac = createHmac('sha256', secret)
  for (const part of purpose) hmac.update(`${part.length} `).update(part)
  return hmac.digest()
}

/** What only somebody with the key can put under some bytes. */
export function seal(key: Uint8Array, bytes: Uint8Array): Buffer {
  return createHmac('sha256', key).update(bytes).digest().subarray(0, SEAL_LENGTH)
}

export function isSealed(key: Uint8Array, bytes: Uint8Array, given: Uint8Array): boolean {
  return given.length === SEAL_LENGTH && timingSafeEqual(seal(key, bytes), given)
}
