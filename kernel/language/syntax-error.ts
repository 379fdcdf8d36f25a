import { codeFrame, positionAt } from './code-frame.ts'

/** A cell that is no TypeScript. The message ends with the place and shows the cell's line with a caret below it. */
export class CellSyntaxError extends Error {
  override readonly name = 'SyntaxError'
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 code units. */
  readonly column: number

  constructor(problem: string, source: string, offset: number) {
    const { line, column } = positionAt(source, offset)
    super(`${problem} (${line}:${column})\n\n${codeFrame(source, offset)}`)
    this.line = line
    this.column = column
  }
}
