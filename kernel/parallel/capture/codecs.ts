/** How objects of one kind, such as locks and queues, travel: as something that stands for them. */
export interface Codec {
  /** Asked about every object and function of a parcel, so it has to be quick. */
  test(value: unknown): boolean
  /** What to send instead: anything that can be captured. Only called with what `test` said yes to. */
  encode(value: never): unknown
  /** Only called with what `encode` returned. */
  decode(data: never): unknown
  /** What the hub calls it. Missing for what the hub doesn't know. */
  id?(value: never): string
}

const codecs = new Map<string, Codec>()

/**
 * Makes objects of one kind able to travel. Sender and receiver register the same name; once more replaces it.
 *
 * @example
 * const test = value => value instanceof Lock
 * registerCodec('lock', { test, encode: lock => lock.id, decode: id => new Lock(id) })
 */
export function registerCodec(name: string, codec: Codec): void {
  codecs.set(name, codec)
}

/** Something with a codec. */
export interface Coded {
  readonly name: string
  encoded(): unknown
}

export function codecFor(value: unknown): Coded | undefined {
  for (const [name, codec] of codecs) {
    if (codec.test(value)) return { name, encoded: () => codec.encode(value as never) }
  }
  return undefined
}

/** What the hub calls a queue, a lock and the like. */
export function idOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const { test, id } of codecs.values()) if (id && test(value)) return id(value as never)
  return undefined
}

export function decodeWith(name: string, data: unknown): unknown {
  const codec = codecs.get(name)
  if (!codec) throw new Error(`No codec "${name}" is registered here.`)
  return codec.decode(data as never)
}
