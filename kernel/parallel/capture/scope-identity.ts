import type { ClosureScope } from './parcel.ts'

interface Known {
  readonly id: object
  readonly outer: unknown
  readonly variables: Readonly<Record<string, unknown>>
  /** Functions that are written directly in it. */
  readonly functions: Set<string>
}

/**
 * Tells whether functions share a scope. V8 shows the variables of a scope but not which scope it is, so this goes by
 * what they hold: scopes with the same variables and values inside the same scope are one, unless both have the same
 * function of the text in them, as in `[counter(), counter()]`.
 */
export class ScopeIdentity {
  readonly #known: Known[] = []

  /** The chain with an `id` for each scope. `place` is where the text of the function is that has the chain. */
  identify(chain: readonly ClosureScope[], place: string): readonly ClosureScope[] {
    let outer: unknown
    const identified = chain.map(() => undefined as unknown as ClosureScope)
    for (let i = chain.length - 1; i >= 0; i--) {
      const { id, variables } = chain[i]!
      outer = id ?? this.#find(variables, outer, i === 0 ? place : undefined)
      identified[i] = { id: outer, variables }
    }
    return identified
  }

  #find(variables: Readonly<Record<string, unknown>>, outer: unknown, place: string | undefined): object {
    let known = this.#known.findLast(each => {
      return each.outer === outer && !(place && each.functions.has(place)) && same(each.variables, variables)
    })
    if (!known) this.#known.push((known = { id: {}, outer, variables, functions: new Set() }))
    if (place) known.functions.add(place)
    return known.id
  }
}

function same(one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(one)
  if (names.length !== Object.keys(other).length) return false
  return names.every(name => Object.hasOwn(other, name) && Object.is(one[name], other[name]))
}
