import type { HistoryWish } from '../session/protocol.ts'
import type { Options, Values } from './options.ts'

/** The notebook, for magics. */
export interface MagicNotebook {
  /** The cell's code, without its magics, as a function that can be sent away; it resolves with the cell's value. */
  compile(): () => Promise<unknown>
  /** The same with names of its own: answers the function for their values. */
  compileFor(names: readonly string[]): (values: Readonly<Record<string, unknown>>) => () => Promise<unknown>
  /** Its top-level names, in the order in which they were declared. */
  variables(): readonly MagicVariable[]
  /** Shows code in the cell's place, or in a new cell below it. */
  offer(code: string, place: 'here' | 'below'): void
  /** Prints what was executed. */
  showHistory(wish: HistoryWish): void
  /** Where imports are resolved from, whatever the folder of the process is now. */
  readonly folder: string
}

export interface MagicVariable {
  readonly name: string
  /** `let`, `const`, `class`, `import` and so on. */
  readonly kind: string
  readonly value: unknown
}

/** What a magic may do. */
export interface MagicContext {
  /**
   * Runs TypeScript as a cell of the notebook would, and resolves with its value; it may begin with magics itself.
   * Default: what follows the magics in the cell.
   */
  run(code?: string): Promise<unknown>
  /** Declares a top-level variable of the notebook, or gives it a new value. */
  assign(name: string, value: unknown): Promise<void>
  /** Aborted when the cell is interrupted. */
  readonly signal: AbortSignal
  readonly notebook: MagicNotebook
}

/** A magic as it was called. */
export interface MagicCall<O extends Options = Options> extends MagicContext {
  /** All that follows the name on its line. */
  readonly text: string
  /** The words of that which are no options, where the magic says that it takes some. */
  readonly words: readonly string[]
  readonly options: Values<O>
  /** The lines that follow a `%%name`. Empty for `%name`. */
  readonly body: string
}

/**
 * What `%name` does, on a line before the cell's code, and what `%%name` does with the rest of the cell. What either
 * returns, or its promise resolves with, is the cell's value.
 */
export interface Magic<O extends Options = Options> {
  /** What it does, in a few words. Default: nothing is said. */
  readonly summary?: string
  /** How the words that it takes are called in its usage: 'FILE', '[NAME=VALUE]'. Default: it takes none. */
  readonly words?: string
  /** Default: none. A magic with neither `words` nor `options` gets its `text` as it is. */
  readonly options?: O
  /** Whether a `%name` line gets its `text` as it is in any case. Default: false. */
  readonly isLineFree?: boolean
  /** Whether what follows `%%name` is something else than TypeScript. Default: false. */
  readonly isText?: boolean
  line?(call: MagicCall<O>): unknown
  cell?(call: MagicCall<O>): unknown
}

/** A magic whose options are typed. */
export function defineMagic<const O extends Options = {}>(magic: Magic<O>): Magic {
  return magic as unknown as Magic
}
