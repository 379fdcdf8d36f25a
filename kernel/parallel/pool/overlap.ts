export interface OverlapOptions {
  /** How many may be under way, or ready and not taken. */
  readonly limit: number
  /** Whether results come in the order of the source; else as they are ready. */
  readonly ordered: boolean
}

interface Ready<R> {
  readonly promise: Promise<Ready<R>>
  readonly value: R
}

/** Starts work for what comes from a source, some at a time, and yields what comes of it. Whoever takes slowly slows the source. */
export async function* overlap<T, R>(source: AsyncIterable<T>, start: (value: T) => Promise<R>, { limit, ordered }: OverlapOptions): AsyncGenerator<R> {
  const iterator = source[Symbol.asyncIterator]()
  const pending = new Set<Promise<Ready<R>>>()
  let reading: Promise<void> | undefined
  let ended = false
  const read = async () => {
    const next = await iterator.next()
    reading = undefined
    if (next.done) ended = true
    else add(pending, start(next.value))
  }
  try {
    while (!ended || pending.size > 0) {
      if (!ended && pending.size < limit) reading ??= read()
      const [oldest] = pending
      const ready = await Promise.race([...(reading ? [reading] : []), ...(ordered && oldest ? [oldest] : pending)])
      if (!ready) continue
      pending.delete(ready.promise)
      yield ready.value
    }
  } finally {
    reading?.catch(() => undefined)
    await iterator.return?.()
  }
}

function add<R>(pending: Set<Promise<Ready<R>>>, work: Promise<R>): void {
  const promise: Promise<Ready<R>> = work.then(value => ({ promise, value }))
  // It is told when its turn comes.
  promise.catch(() => undefined)
  pending.add(promise)
}
