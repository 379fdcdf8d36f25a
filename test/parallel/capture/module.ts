let step = 1

/** Something that notebooks import. */
export class Store {
  readonly items: number[]
  constructor(...items: number[]) {
    this.items = items
  }
}

const double = (n: number): number => n * 2

export function makeCounter(start: number): () => number {
  let count = start
  step = 2
  return () => (count += double(step) / 2)
}
