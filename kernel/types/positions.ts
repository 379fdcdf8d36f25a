import type { Position } from 'vscode-languageserver-types'

/** Lines before the code in what the server reads. */
const HEADER_LINES = 1

/** Where an offset into the code is, as the server counts: lines and UTF-16 code units from 0. */
export function toServer(code: string, offset: number): Position {
  const before = code.slice(0, offset).split('\n')
  return { line: before.length - 1 + HEADER_LINES, character: before.at(-1)?.length ?? 0 }
}

/** The inverse; undefined for what isn't in the code. */
export function fromServer(code: string, { line, character }: Position): number | undefined {
  const lines = code.split('\n')
  const index = line - HEADER_LINES
  if (index < 0 || index >= lines.length) return undefined
  return lines.slice(0, index).reduce((sum, text) => sum + text.length + 1, 0) + character
}
