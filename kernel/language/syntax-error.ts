/** A cell that is no TypeScript. The message ends with the place and shows the cell's line with a caret below it. */
export class CellSyntaxError extends Error {
  override readonly name = 'SyntaxError'
  /** 1-based. */
  readonly line: number
  /** 1-based, in UTF-16 code units. */
  readonly column: number

  constructor(problem: string, source: string, offset: number) {
    const { line, column } = positionAt(source, offset)
    super(`${problem} (${line}:${column})\n\n${codeFrame(source, line, column)}`)
    this.line = line
    this.column = column
  }
}

/** 1-based line and column, in UTF-16 code units, of an offset into the source. */
function positionAt(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset).split(lineBreak)
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

const lineBreak = /\r\n|[\n\r\u2028\u2029]/

/** The line and up to two before it, numbered, and a caret under the column. */
function codeFrame(source: string, line: number, column: number): string {
  const first = Math.max(1, line - 2)
  const lines = source.split(lineBreak).slice(first - 1, line)
  const width = String(line).length
  const numbered = lines.map((text, index) => {
    const number = first + index
    return `${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${text}`
  })
  // Tabs stay tabs so that the caret stands under its column however wide they are drawn.
  const blank = (lines.at(-1) ?? '').slice(0, column - 1).replace(/[^\t]/g, ' ')
  return [...numbered, `  ${' '.repeat(width)} | ${blank}^`].join('\n')
}
