import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'

/** So many bytes of a seal are sent: nobody guesses them. */
export const SEAL_LENGTH = 16

/** A key for one purpose, which says nothing about the key that it is made from. */
export function derive(secret: Uint8Array, ...purpose: readonly (string | Uint8Array)[]): KeyObject {
  const hmac = createHmac('sha256', secret)
  for (const part of purpose) hmac.update(`${part.length} `).update(part)
  return createSecretKey(hmac.digest())
}

/** What only somebody with the key can put under some bytes, given in pieces. */
export function seal(key: KeyObject, ...pieces: readonly Uint8Array[]): Buffer {
  const hmac = createHmac('sha256', key)
  for (const piece of pieces) hmac.update(piece)
  return hmac.digest().subarray(0, SEAL_LENGTH)
}

export function isSealed(key: KeyObject, given: Uint8Array, ...pieces: readonly Uint8Array[]): boolean {
  return given.length === SEAL_LENGTH && timingSafeEqual(seal(key, ...pieces), given)
}
