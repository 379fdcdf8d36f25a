import type { Declaration } from './declarations.ts'
import { type Draft, draftOf, type TransformOptions } from './draft.ts'
import { toOriginal, type Position } from './positions.ts'
import { editSession } from './session-form.ts'
import { CellSyntaxError } from './syntax-error.ts'
import { editWorker } from './worker-form.ts'

export type { Declaration } from './declarations.ts'
export type { TransformOptions } from './draft.ts'
export { CellSyntaxError } from './syntax-error.ts'

export interface TransformedCell {
  /** JavaScript, ending with `//# sourceURL=<filename>`. */
  readonly code: string
  /** Top-level values that the cell declares, by name. */
  readonly declared: ReadonlyMap<string, Declaration>
  /**
   * From a place in `code` to the place in the cell, or undefined for what the cell doesn't contain. Lines and columns
   * are 1-based, columns in UTF-16 code units.
   */
  original(line: number, column: number): Position | undefined
  /** The same under another file name. */
  named(filename: string): TransformedCell
}

/**
 * Turns a cell of TypeScript into JavaScript that runs with the global `__paracell__` (see CellRuntime). The value of
 * the last statement is the cell's value where that statement is an expression, with a semicolon or without.
 *
 * Throws CellSyntaxError for what is no TypeScript.
 *
 * @example
 * transformCell('const x: number = 1\nx + 1', { filename: 'cell-1.ts', form: 'session' }).code
 */
export function transformCell(source: string, options: TransformOptions): TransformedCell {
  const draft = edited(source, options)
  const { edits, declared, map, shift } = draft
  const body = edits.toString()
  let trace: ReturnType<typeof toOriginal> | undefined
  const named = (filename: string): TransformedCell => ({
    code: `${body}\n//# sourceURL=${filename}`,
    declared,
    original(line, column) {
      trace ??= toOriginal(edits, map, shift)
      return trace(line, column)
    },
    named,
  })
  return named(options.filename)
}

function edited(source: string, options: TransformOptions): Draft {
  try {
    const draft = draftOf(source, options)
    if (options.form === 'session') editSession(draft)
    else editWorker(draft)
    return draft
  } catch (error) {
    // Depth of kinds that nobody has counted before.
    if (error instanceof RangeError) throw new CellSyntaxError('The code is nested too deeply', source, 0)
    throw error
  }
}
