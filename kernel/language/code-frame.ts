/** 1-based line and column, in UTF-16 code units, of an offset into the source. */
export function positionAt(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset).split(lineBreak)
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

const lineBreak = /\r\n|[\n\r\u2028\u2029]/

/** Of longer lines only a part is shown. In UTF-16 code units. */
const WIDEST = 160

/** The line of an offset and up to two before it, numbered, and carets under what it is about, as far as it is on that line. */
export function codeFrame(source: string, start: number, end = start + 1): string {
  const { line, column } = positionAt(source, start)
  const first = Math.max(1, line - 2)
  const lines = source.split(lineBreak).slice(first - 1, line)
  const width = String(line).length
  const left = Math.max(0, column - WIDEST / 2)
  const numbered = lines.map((text, index) => {
    const number = first + index
    const from = number === line ? left : 0
    return `${number === line ? '>' : ' '} ${String(number).padStart(width)} | ${part(text, from)}`
  })
  const marked = lines.at(-1) ?? ''
  const begins = left > 0 ? '…' : ''
  // Tabs stay tabs so that the caret stands under its column however wide they are drawn.
  const blank = `${begins}${marked.slice(left, column - 1)}`.replace(/[^\t]/g, ' ')
  const carets = '^'.repeat(Math.max(1, Math.min(end - start, marked.length - column + 1, left + WIDEST - column + 1)))
  return [...numbered, `  ${' '.repeat(width)} | ${blank}${carets}`].join('\n')
}

function part(text: string, from: number): string {
  return `${from > 0 ? '…' : ''}${text.slice(from, from + WIDEST)}${text.length > from + WIDEST ? '…' : ''}`
}
