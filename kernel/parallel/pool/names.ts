import type { Realm } from '../capture/parcel.ts'

/**
 * The notebook's names in a pool's worker. Each function of the pool brings those that it uses, as they are at the time;
 * the variables of the initializer stay the worker's own, as the initializer left them.
 */
export class Names {
  /** The initializer's, and those of them that are not defined anew. */
  #initial = new Set<string>()
  readonly #kept = new Set<string>()
  #current = new Set<string>()
  #arriving = new Set<string>()
  #define: Realm['define'] | undefined

  /** Those that the function uses. */
  get current(): ReadonlySet<string> {
    return this.#current
  }

  /** The place where parcels are restored, so that their names are these. */
  within(place: Realm): Realm {
    this.#define = place.define.bind(place)
    return {
      ...place,
      define: (name, descriptor) => {
        if (this.#kept.has(name)) return
        if (!this.#initial.has(name)) this.#arriving.add(name)
        place.define(name, descriptor)
      }
    }
  }

  /** What has arrived so far is the initializer's, and stays. What the notebook shares is its own anyway; functions come anew. */
  keep(): void {
    for (const name of this.#arriving) {
      const descriptor = Object.getOwnPropertyDescriptor(globalThis, name)
      if (descriptor && 'value' in descriptor && typeof descriptor.value !== 'function') this.#kept.add(name)
    }
    this.#initial = this.#arriving
    this.#arriving = new Set()
  }

  /** What has arrived takes the place of what came before: large values must not stay when nobody uses them. */
  replace(): void {
    for (const name of this.#current) {
      if (!this.#arriving.has(name)) this.#define?.(name, { value: undefined, writable: true })
    }
    this.#current = this.#arriving
    this.#arriving = new Set()
  }
}
