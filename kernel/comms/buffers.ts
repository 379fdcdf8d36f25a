/** A place in nested objects and arrays. */
export type BufferPath = readonly (string | number)[]

export interface Split {
  /** What JSON can carry: a binary value is `null` in arrays and missing in objects. */
  readonly state: Readonly<Record<string, unknown>>
  readonly buffer_paths: readonly BufferPath[]
  readonly buffers: readonly Uint8Array[]
}

/** Takes binary values out of a state, as the widget protocol wants it (`messages.md` of @jupyter-widgets/schema). */
export function splitBuffers(state: Readonly<Record<string, unknown>>): Split {
  const found: { readonly path: BufferPath; readonly bytes: Uint8Array }[] = []
  const rest = withoutBuffers(state, [], found) as Readonly<Record<string, unknown>>
  return { state: rest, buffer_paths: found.map(({ path }) => path), buffers: found.map(({ bytes }) => bytes) }
}

/** Puts binary values back where they belong. A path that leads nowhere is left out. */
export function joinBuffers(state: Readonly<Record<string, unknown>>, paths: unknown, buffers: readonly Uint8Array[]): Readonly<Record<string, unknown>> {
  if (!Array.isArray(paths) || paths.length === 0) return state
  const whole = structuredClone(state)
  for (const [index, path] of paths.entries()) if (Array.isArray(path)) put(whole, path, buffers[index])
  return whole
}

/** The bytes of a value that travels as a buffer. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
  return value instanceof ArrayBuffer || value instanceof SharedArrayBuffer ? new Uint8Array(value) : undefined
}

function withoutBuffers(value: unknown, path: BufferPath, found: { readonly path: BufferPath; readonly bytes: Uint8Array }[]): unknown {
  if (typeof value !== 'object' || value === null) return value
  const bytes = bytesOf(value)
  if (bytes) {
    found.push({ path, bytes })
    return undefined
  }
  if (Array.isArray(value)) return value.map((item, index) => withoutBuffers(item, [...path, index], found) ?? null)
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutBuffers(item, [...path, key], found)]))
}

function put(root: unknown, path: BufferPath, bytes: Uint8Array | undefined): void {
  let target = root as Record<string | number, unknown>
  for (const step of path.slice(0, -1)) {
    if (!Object.hasOwn(target, step) || typeof target[step] !== 'object' || target[step] === null) return
    target = target[step] as Record<string | number, unknown>
  }
  const last = path.at(-1)
  // By definition, so that a key such as `__proto__` is only a key.
  if (last !== undefined) Object.defineProperty(target, last, { value: bytes, configurable: true, enumerable: true, writable: true })
}
