import { isProxy } from 'node:util/types'
import { functionFacts } from './function-facts.ts'

type KeysOf = (holder: object) => readonly (string | symbol)[]

/** An index from functions, objects and symbols to the path of properties that leads to each of them. */
export class Owners {
  readonly #paths = new Map<unknown, readonly string[]>()

  path(value: unknown): readonly string[] | undefined {
    return this.#paths.get(value)
  }

  /** Adds a value and, `depth` steps deep, what its own properties hold, those of `keysOf`. Getters are not called. */
  add(value: unknown, path: readonly string[], depth: number, keysOf: KeysOf = Reflect.ownKeys): void {
    if (!isFollowed(value) || this.#paths.has(value)) return
    this.#paths.set(value, path)
    if (depth === 0 || typeof value === 'symbol' || isProxy(value)) return
    for (const key of keysOf(value)) {
      const name = nameOf(key)
      if (name !== undefined) this.#addProperty(value, key, [...path, name], depth, keysOf)
    }
  }

  #addProperty(holder: object, key: PropertyKey, path: readonly string[], depth: number, keysOf: KeysOf): void {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key)
    if (!descriptor) return
    if ('value' in descriptor) this.add(descriptor.value, path, depth - 1, keysOf)
    const { get, set } = descriptor
    if (get) this.add(get, [...path.slice(0, -1), `get ${path.at(-1)}`], 0)
    if (set) this.add(set, [...path.slice(0, -1), `set ${path.at(-1)}`], 0)
  }
}

/** Follows the steps of a path from its root. */
export const follow = (root: unknown, steps: readonly string[]): unknown => steps.reduce(step, root)

const isFollowed = (value: unknown): value is object | symbol =>
  (typeof value === 'object' && value !== null) || typeof value === 'function' || typeof value === 'symbol'

/**
 * Steps are text: `.` and a property's name, `@iterator` for well-known symbols, after `get ` or `set ` for accessors;
 * `(0)` from a function to the variables of the outermost scope that it stands in, `(1)` to those of the next one.
 */
function nameOf(key: PropertyKey): string | undefined {
  if (typeof key !== 'symbol') return `.${String(key)}`
  return wellKnown.get(key)
}

const symbols = Symbol as unknown as Readonly<Record<string, unknown>>
const wellKnown = new Map(
  Object.getOwnPropertyNames(Symbol)
    .filter(name => typeof symbols[name] === 'symbol')
    .map(name => [symbols[name], `@${name}`]),
)

function step(holder: unknown, text: string): unknown {
  const [, part, kind, name] = /^(?:(get|set) )?([.@(])(.*)$/s.exec(text)!
  if (holder === undefined || holder === null) return undefined
  if (kind === '(') return functionFacts().closure(holder as Function).at(-1 - parseInt(name!, 10))?.variables
  const key = (kind === '@' ? symbols[name!] : name!) as PropertyKey
  const descriptor = Object.getOwnPropertyDescriptor(holder, key)
  return descriptor?.[(part ?? 'value') as 'get' | 'set' | 'value']
}
