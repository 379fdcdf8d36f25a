import { deserialize, serialize } from 'node:v8'

/** The bytes of plain data, in a buffer of their own that can be transferred. */
export function v8Bytes(data: unknown): Uint8Array<ArrayBuffer> {
  const bytes = serialize(data)
  const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength
  return whole ? new Uint8Array(bytes.buffer as ArrayBuffer) : new Uint8Array(bytes)
}

export const v8Value = (bytes: Uint8Array): unknown => deserialize(bytes)
