import { isPlain } from '../../plain.ts'
import { preview } from '../../preview.ts'
import type { QueueItem } from '../../protocol.ts'

/** Whether who put it has said what to call it. */
export function hasPreview(item: QueueItem): boolean {
  return !isPlain(item) && item.preview !== undefined
}

/** An item in a few words, and its size, where that is known. */
export function describe(item: QueueItem): { readonly item: string; readonly bytes?: number } {
  if (isPlain(item)) return { item: preview(item), ...(typeof item === 'string' ? { bytes: Buffer.byteLength(item) } : {}) }
  if ('plain' in item) return describe(item.plain)
  if ('list' in item) return { item: item.preview ?? preview(item.list) }
  if ('view' in item) return { item: item.view, bytes: item.bytes.byteLength }
  return { item: item.preview ?? '', bytes: item.parcel.data.byteLength }
}
