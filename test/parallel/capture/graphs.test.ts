import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isDeepStrictEqual } from 'node:util'
import { capture } from '../../../kernel/parallel/capture/capture.ts'
import { functionFacts } from '../../../kernel/parallel/capture/function-facts.ts'
import { restore } from '../../../kernel/parallel/capture/restore.ts'

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomness(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

class Node {
  left: unknown
  right: unknown
}

type Put = (into: never, part: unknown, key: string) => void

/** Containers of every kind, and how parts get into them. */
const containers: readonly (readonly [make: () => object, put: Put])[] = [
  [() => ({}), (into: Record<string, unknown>, part, key) => void (into[key] = part)],
  [() => [], (into: unknown[], part) => void into.push(part)],
  [() => new Map(), (into: Map<unknown, unknown>, part, key) => void into.set(key, part)],
  [() => new Map(), (into: Map<unknown, unknown>, part, key) => void into.set(part, key)],
  [() => new Set(), (into: Set<unknown>, part) => void into.add(part)],
  [() => new Node(), (into: Node, part, key) => void (into[key < 'k5' ? 'left' : 'right'] = part)],
  [() => Object.create(null) as object, (into: Record<string, unknown>, part, key) => void (into[key] = part)],
  [() => new Error('e'), (into: Error, part) => void (into.cause = part)],
]

const primitives = [0, -0, NaN, 1.5, 'text', '', true, null, undefined, 12n]

function graph(seed: number): object {
  const random = randomness(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const made = Array.from({ length: 1 + Math.floor(random() * 40) }, () => {
    const [make, put] = pick(containers)
    return { object: make(), put }
  })
  for (const { object, put } of made) {
    const parts = Math.floor(random() * 6)
    for (let i = 0; i < parts; i++) put(object as never, random() < 0.4 ? pick(primitives) : pick(made).object, `k${i}`)
    if (random() < 0.1) Object.freeze(object)
  }
  return made.map(({ object }) => object)
}

/** The identities of a graph in the order of a walk: the number of each object where it is met. */
function shape(root: object): number[] {
  const numbers = new Map<unknown, number>()
  const met: number[] = []
  const pending: unknown[] = [root]
  while (pending.length > 0) {
    const at = pending.pop()
    if (typeof at !== 'object' || at === null) continue
    const known = numbers.get(at)
    met.push(known ?? numbers.size)
    if (known !== undefined) continue
    numbers.set(at, numbers.size)
    if (at instanceof Map) for (const [key, value] of at) pending.push(key, value)
    if (at instanceof Set) pending.push(...at)
    for (const key of Reflect.ownKeys(at)) if (key !== 'stack') pending.push(Reflect.get(at, key))
  }
  return met
}

describe('graphs with cycles and shared parts', () => {
  const scope = { ...functionFacts(), lookup: () => undefined }
  const realm = { define: assert.fail, import: assert.fail, remote: assert.fail }

  for (let seed = 1; seed <= 200; seed++) {
    it(`seed ${seed}`, async () => {
      const value = graph(seed)
      const back = (await restore(capture(value, scope, seed % 2 ? 'copy' : 'share', 'graph'), realm)) as object
      assert.deepEqual(shape(back), shape(value))
      // Instances have the captured class in place of the original one, as they should.
      assert.ok(isDeepStrictEqual(plain(back), plain(value)))
    })
  }
})

/** Each object of a graph by itself, other objects in it by the number of where they are met. */
function plain(root: object): unknown[] {
  const numbers = new Map<unknown, number>([[root, 0]])
  const numbered = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part
    if (!numbers.has(part)) numbers.set(part, numbers.size)
    return `object ${numbers.get(part)}`
  }
  const all: unknown[] = []
  for (const [at] of numbers) {
    const object = at as object
    const entries = object instanceof Map || object instanceof Set ? [...object.entries()].flat().map(numbered) : []
    const own = Reflect.ownKeys(object).map(key => {
      return [key, numbered(Reflect.get(object, key)), Object.getOwnPropertyDescriptor(object, key)?.enumerable]
    })
    all.push([Object.prototype.toString.call(object), object.constructor?.name, Object.isFrozen(object), entries, own])
  }
  return all
}
