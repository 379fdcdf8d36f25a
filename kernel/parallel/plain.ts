import type { Plain } from './protocol.ts'

/** Whether any transport carries the value as it is. */
export function isPlain(value: unknown): value is Plain {
  return value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')
}
