/**
 * After the keys of an object, `Object.keys`, spread, `JSON.stringify` and the like ask for each key's descriptor, in
 * order. Those with primitive values came along with the keys and are handed out once each, in that order only.
 */
export class Enumeration {
  readonly keys: (string | symbol)[]
  readonly #parts: readonly unknown[]
  #at = 0

  constructor(parts: readonly unknown[]) {
    this.#parts = parts
    this.keys = parts.filter((_part, index) => index % WIDTH === 0) as (string | symbol)[]
  }

  /** The descriptor, where it is the next key's and known. */
  next(key: PropertyKey): PropertyDescriptor | undefined {
    const at = this.#at
    this.#at = this.#parts[at] === key ? at + WIDTH : this.#parts.length
    const flags = this.#parts[at + 1]
    if (this.#parts[at] !== key || typeof flags !== 'number' || flags < 0) return undefined
    return { value: this.#parts[at + 2], enumerable: flags % 2 === 1, writable: flags >= 2, configurable: true }
  }
}

const WIDTH = 3
