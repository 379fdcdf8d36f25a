/** What is common to a Map and a Set. */
interface Collection<K> {
  readonly size: number
  keys(): Iterable<K>
  delete(key: K): boolean
}

/**
 * Forgets the oldest of a Map or a Set that has become larger than `size`: to be called when something was added.
 *
 * @example
 * const seen = new Set(['a', 'b', 'c'])
 * keepNewest(seen, 2) // b and c are left
 */
export function keepNewest<K>(collection: Collection<K>, size: number): void {
  const [oldest] = collection.size > size ? collection.keys() : []
  if (oldest !== undefined) collection.delete(oldest)
}
