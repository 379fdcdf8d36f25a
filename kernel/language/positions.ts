import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping'
import type MagicString from 'magic-string'
import type { JavaScript } from './typescript.ts'

/** 1-based, columns in UTF-16 code units. */
export interface Position {
  readonly line: number
  readonly column: number
}

/** A function from places in the edited JavaScript to places in the cell. */
export function toOriginal(
  edits: MagicString,
  map: JavaScript['map'],
  shift: JavaScript['shift'],
): (line: number, column: number) => Position | undefined {
  const editMap = new TraceMap(edits.generateMap({ hires: 'boundary', source: 'cell.js' }).toString())
  const typeMap = map && new TraceMap(map as never)
  return (line, column) => {
    const plain = find(editMap, line, column)
    const typed = plain && typeMap && find(typeMap, plain.line, plain.column)
    return typed && { line: typed.line, column: typed.line === 1 ? Math.max(1, typed.column - shift) : typed.column }
  }
}

function find(map: TraceMap, line: number, column: number): Position | undefined {
  const found = originalPositionFor(map, { line, column: column - 1 })
  return found.line === null ? undefined : { line: found.line, column: found.column + 1 }
}
