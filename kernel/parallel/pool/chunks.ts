import { inspect } from 'node:util'
import { UsageError } from '../../errors.ts'

export type AnyIterable<T> = Iterable<T> | AsyncIterable<T>

export interface Chunk<T> {
  /** The number of the first item, counted from 0. */
  readonly first: number
  readonly items: readonly T[]
}

/** All of it, in order. */
export async function collect<T>(source: AnyIterable<T>): Promise<readonly T[]> {
  return Array.isArray(source) ? (source as T[]).slice() : Array.fromAsync(checked(source))
}

/** So many items each, as Python's Pool has it, unless said otherwise: about four chunks for each worker. */
export function chunkSize(length: number, workers: number): number {
  return Math.max(1, Math.ceil(length / (4 * workers)))
}

export function cut<T>(items: readonly T[], size: number): Chunk<T>[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => ({ first: i * size, items: items.slice(i * size, (i + 1) * size) }))
}

/** How many there are, where that is known without taking them. */
export function lengthOf(source: AnyIterable<unknown>): number | undefined {
  const { length, size } = Object(source) as { readonly length?: unknown; readonly size?: unknown }
  return [length, size].find(count => typeof count === 'number')
}

/** Chunks as their items come. */
export async function* chunksOf<T>(source: AnyIterable<T>, size: number): AsyncGenerator<Chunk<T>> {
  let first = 0
  let items: T[] = []
  for await (const item of checked(source)) {
    if (items.push(item) < size) continue
    yield { first, items }
    first += items.length
    items = []
  }
  if (items.length > 0) yield { first, items }
}

function checked<T>(source: AnyIterable<T>): AnyIterable<T> {
  const { [Symbol.iterator]: all, [Symbol.asyncIterator]: asTheyCome } = Object(source) as Partial<Iterable<T> & AsyncIterable<T>>
  if (all ?? asTheyCome) return source
  throw new UsageError(`The items of a Pool are an array, or anything else that \`for await\` goes over, not ${inspect(source, { depth: 0 })}.`)
}
