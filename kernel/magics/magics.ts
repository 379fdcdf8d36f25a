import { UsageError } from '../errors.ts'

/** What the session offers to magics. */
export interface MagicContext {
  /** The cell's code as a function of the notebook, which answers the cell's value. */
  compile(body: string): () => Promise<unknown>
  /** Aborted when the cell is interrupted. */
  readonly signal: AbortSignal
  /** Declares a top-level variable of the notebook, or gives it a new value. */
  assign(name: string, value: unknown): Promise<void>
}

/** What runs a cell that starts with `%%name`. `options` is the rest of that line, `body` what follows it. */
export interface CellMagic {
  readonly summary: string
  run(options: string, body: string, context: MagicContext): Promise<unknown>
}

const table = new Map<string, () => Promise<CellMagic>>([
  ['thread', async () => (await import('./worker.ts')).threadMagic],
  ['process', async () => (await import('./worker.ts')).processMagic]
])

/** The magic that a cell asks for by its first line; undefined for a cell of plain TypeScript. */
export function cellMagic(code: string): { run(context: MagicContext): Promise<unknown> } | undefined {
  const [head, name = '', options = ''] = HEAD.exec(code) ?? []
  if (head === undefined) return undefined
  return {
    async run(context) {
      const load = table.get(name)
      if (!load) throw new UsageError(`There is no magic %%${name}. There are: ${[...table.keys()].map(known => `%%${known}`).join(', ')}.`)
      return (await load()).run(options.trim(), bodyOf(code), context)
    }
  }
}

/** The TypeScript of a cell, with or without a magic. Its lines keep their numbers: the magic's are left blank. */
export function bodyOf(code: string): string {
  return code.replace(HEAD, head => head.replace(/[^\n]/g, ''))
}

const HEAD = /^\s*%%(\S*)[^\S\n]*([^\n]*)\n?/
