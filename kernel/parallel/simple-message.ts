import type { Ask, Batch, FromHub, ToHub } from './protocol.ts'

/** Whether JSON says exactly the same. */
export function isSimple(message: ToHub | FromHub): boolean {
  if (message.type === 'ask') return message.ask.type === 'put' ? isSimpleValue(message.ask.item) : simpleAsks.has(message.ask.type)
  if (message.type === 'item') return isSimpleValue(message.item)
  if (message.type === 'reply') return message.value === undefined || isSimpleValue(message.value) || (isBatch(message.value) && message.value.items.every(isSimpleValue))
  return simpleMessages.has(message.type)
}

const simpleMessages: ReadonlySet<(ToHub | FromHub)['type']> = new Set(['begin', 'statement', 'cancel', 'used', 'close', 'closed', 'pipe', 'number', 'rung', 'room'])
const simpleAsks: ReadonlySet<Ask['type']> = new Set([
  'get', 'watch', 'size', 'taskDone', 'join', 'acquire', 'release', 'locked', 'permit', 'permits', 'event', 'sleep', 'barrier'
])

function isSimpleValue(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value) && !Object.is(value, -0)
  return typeof value === 'string' || typeof value === 'boolean' || value === null
}

export function isBatch(value: unknown): value is Batch {
  return typeof value === 'object' && value !== null && 'items' in value
}
