import { isPlain } from './plain.ts'
import type { FromHub, QueueItem, ToHub } from './protocol.ts'
import { isBatch } from './simple-message.ts'

type Message = ToHub | FromHub

/** So many bytes are worth a way of their own. */
const MUCH = 64 * 1024

/** The one item that a message carries. */
export function itemOf(message: Message): QueueItem {
  if (message.type === 'item') return message.item
  if (message.type === 'ask') return message.ask.type === 'put' ? message.ask.item : undefined
  return message.type === 'reply' && isBatch(message.value) && message.value.items.length === 1 ? message.value.items[0] : undefined
}

/** The same message with another item. */
export function withItem(message: Message, change: (item: QueueItem) => QueueItem): Message {
  if (message.type === 'item') return { ...message, item: change(message.item) }
  if (message.type === 'ask' && message.ask.type === 'put') return { ...message, ask: { ...message.ask, item: change(message.ask.item) } }
  if (message.type === 'reply' && isBatch(message.value)) return { ...message, value: { ...message.value, items: message.value.items.map(change) } }
  return message
}

/** The bytes of an item that is more than a plain value. */
export function bytesOf(item: QueueItem): Uint8Array | undefined {
  if (isPlain(item) || 'plain' in item || 'list' in item) return undefined
  return 'view' in item ? item.bytes : item.parcel.data
}

/** Whether to copy an item takes longer than to ask for it. */
export function isLarge(item: QueueItem): boolean {
  return (bytesOf(item)?.length ?? 0) >= MUCH
}

export function withBytes(item: QueueItem, bytes: Uint8Array): QueueItem {
  if (isPlain(item) || 'plain' in item || 'list' in item) return item
  return 'view' in item ? { ...item, bytes } : { ...item, parcel: { ...item.parcel, data: bytes as Uint8Array<ArrayBuffer> } }
}

/** An item with bytes of its own, which can move to another thread: the sender's stay as they are. */
export function withOwnBytes(item: QueueItem): QueueItem {
  return isPlain(item) || !('view' in item) ? item : { ...item, bytes: item.bytes.slice() }
}

/** What can move with an item that is sent only once, instead of being copied: a buffer that nothing else is in. */
export function movable(item: QueueItem): ArrayBuffer[] {
  const bytes = bytesOf(item)
  return bytes?.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength ? [bytes.buffer] : []
}
