/** A number that all realms share. */
export class ValueState {
  /** Its value would be forgotten. */
  readonly atRest = false
  #value: number | bigint

  constructor(value: number | bigint) {
    this.#value = value
  }

  get(): number | bigint {
    return this.#value
  }

  set(value: number | bigint): void {
    this.#value = value
  }

  /** Adds, and returns the sum. */
  add(amount: number | bigint): number | bigint {
    this.#value = (this.#value as number) + (amount as number)
    return this.#value
  }
}
