import { createRequire } from 'node:module'
import type koffi from 'koffi'

/** What calls functions of the system. It is loaded, once for all, by the first who asks for it: that takes some milliseconds. */
export function loadKoffi(): typeof koffi {
  return createRequire(import.meta.url)('koffi') as typeof koffi
}
