/** The first byte of an encoded value: what follows. */
export const Tag = {
  undefined: 0, null: 1, true: 2, false: 3, number: 4, bigint: 5, string: 6, registeredSymbol: 7, wellKnownSymbol: 8,
  /** Something that both threads have of their own, by number. */
  intrinsic: 9,
  /** Owner → thread: an object of the owner, as `Handles` describes it. */
  reference: 10,
  /** Thread → owner: the owner's own object, by number. */
  handle: 11,
  /** A copied object that came before in the same packet, by number. */
  again: 12,
  array: 13, hole: 14, object: 15, bareObject: 16, map: 17, set: 18, date: 19, regexp: 20, boxed: 21, error: 22,
  /** A buffer or a view, beside the bytes. */
  cargo: 23,
  /** A Node `Buffer`, beside the bytes as a `Uint8Array`. */
  buffer: 24,
  /** Something that the hub knows, such as a queue: made anew on the other side, where it works as well. */
  thing: 25,
} as const

export const wellKnownSymbols: readonly symbol[] = Object.getOwnPropertyNames(Symbol)
  .map((name): unknown => Reflect.get(Symbol, name))
  .filter((value) => typeof value === 'symbol')

/** What a reference stands for, and so which kind of proxy the thread makes. */
export const Kind = {
  object: 0, array: 1, function: 2, constructor: 3,
  /** Becomes a real promise of the thread. */
  promise: 4,
  /** A view of shared memory: arrives as itself. */
  shared: 5,
  /** A symbol that neither side can find by name. */
  symbol: 6,
  /** A queue, a lock and the like: the thread gets one of its own that stands for the same. */
  thing: 7,
} as const

/** How an answer is to be read: its first byte. */
export const Answer = {
  value: 0,
  thrown: 1,
  /** A thrown error, after its number: the thread gets a real error that stands for the owner's. */
  failed: 2,
  /** The same, but not thrown. */
  error: 3,
  /** A function found on a prototype: the thread may remember it for all objects of this class. */
  method: 4,
  /** The result of an iterator's `next`: whether it is done, and a value. */
  step: 5,
  /** The same for an iterator over entries that is not done: key and value. */
  pair: 6,
  list: 7,
} as const
