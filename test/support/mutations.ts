import { Seeded } from './seeded.ts'

const TOKENS = [
  '(', ')', '{', '}', '[', ']', '<', '>', '`', '${', '"', '\'', '/', '*/', '/*', '//', '=>', '=', ';', ',', '.', '?.', '...', '#', '@', '!', ':', '\n', '\\', '\0', '\ud800', '😀',
  ' await ', ' async ', ' yield ', ' class ', ' enum ', ' type ', ' using ', ' let ', ' const ', ' var ', ' import ', ' export default ', ' return ', ' new ', ' of ', ' in ', ' as const', ' satisfies ', '1n', '08', '%%process\n', '%'
] as const

/** Broken relatives of real cells, the same for the same seed. */
export function* mutations(cells: readonly string[], count: number, seed: number): Generator<string> {
  const random = new Seeded(seed)
  for (let i = 0; i < count; i++) {
    let cell = random.pick(cells)
    for (let times = random.below(4); times >= 0; times--) cell = random.pick(CHANGES)(cell, random, cells)
    yield cell
  }
}

type Change = (cell: string, random: Seeded, cells: readonly string[]) => string

const CHANGES: readonly Change[] = [
  (cell, random) => cell.slice(0, random.below(cell.length + 1)),
  (cell, random) => cell.slice(random.below(cell.length + 1)),
  (cell, random) => replace(cell, random, random.below(6), ''),
  (cell, random) => replace(cell, random, 0, random.pick(TOKENS)),
  (cell, random) => replace(cell, random, random.below(3), random.pick(TOKENS)),
  (cell, random, cells) => {
    const other = random.pick(cells)
    const start = random.below(other.length + 1)
    return replace(cell, random, 0, other.slice(start, start + random.below(30)))
  }
]

function replace(cell: string, random: Seeded, length: number, text: string): string {
  const start = random.below(cell.length + 1)
  return cell.slice(0, start) + text + cell.slice(start + length)
}
