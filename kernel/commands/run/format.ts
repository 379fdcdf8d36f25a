import type { Cell, Json, JsonObject, Notebook, Output } from './notebook.ts'

// What Python's str.splitlines, which Jupyter splits by, takes for the end of a line.
const LINE = /[^\n\r\v\f\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x85\u2028\u2029]|$)/gu
const TEXTS = new Set(['application/javascript', 'image/svg+xml'])

/** A notebook as Jupyter itself writes it to a file: texts as lists of lines, keys sorted, indented by one space. */
export function formatNotebook({ cells, ...rest }: Notebook): string {
  const content = { ...rest, cells: cells.map(cellWithLines) } as unknown as Json
  return `${JSON.stringify(sorted(content), undefined, 1)}\n`
}

function cellWithLines(cell: Cell): object {
  const { source } = cell
  return cell.cell_type === 'code'
    ? { ...cell, source: lines(source), outputs: cell.outputs.map(outputWithLines) }
    : { ...cell, source: lines(source) }
}

function outputWithLines(output: Output): object {
  if (output.output_type === 'stream') return { ...output, text: lines(output.text) }
  if (output.output_type === 'error') return output
  const data = Object.entries(output.data).map(([type, value]) => [type, isText(type, value) ? lines(value) : value])
  return { ...output, data: Object.fromEntries(data) as JsonObject }
}

function isText(type: string, value: Json): value is string {
  return typeof value === 'string' && (type.startsWith('text/') || TEXTS.has(type))
}

function lines(text: string): string[] {
  return (text.match(LINE) ?? []).filter((line) => line !== '')
}

function sorted(value: Json): Json {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, item]) => [key, sorted(item)]))
}
