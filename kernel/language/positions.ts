import { LEAST_UPPER_BOUND, originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import type MagicString from 'magic-string'
import type { JavaScript } from './typescript.ts'

/** 1-based, columns in UTF-16 code units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/**
 * A function from places in the edited JavaScript to places in the cell. What the edits added is where the next code of
 * its line is, since V8 places some errors at the start of a statement, which they may have added.
 */
export function toOriginal(
  edits: MagicString,
  map: JavaScript['map'],
  shift: JavaScript['shift'],
): (line: number, column: number) => Position | undefined {
  const editMap = new TraceMap(edits.generateMap({ hires: 'boundary', source: 'cell.js' }).toString())
  const types = map()
  const typeMap = types && new TraceMap(types as never)
  return (line, column) => {
    const plain = find(editMap, line, column, true)
    const typed = plain && typeMap && find(typeMap, plain.line, plain.column)
    return typed && { line: typed.line, column: typed.line === 1 ? Math.max(1, typed.column - shift) : typed.column }
  }
}

function find(map: TraceMap, line: number, column: number, forward = false): Position | undefined {
  const at = { line, column: column - 1 }
  const before = originalPositionFor(map, at)
  const found = before.line === null && forward ? originalPositionFor(map, { ...at, bias: LEAST_UPPER_BOUND }) : before
  return found.line === null ? undefined : { line: found.line, column: found.column + 1 }
}
