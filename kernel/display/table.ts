import type { MimeBundle } from '../session/protocol.ts'

export interface Column<T> {
  readonly title: string
  /** Numbers stand at the right. Default: at the left. */
  readonly isNumber?: boolean
  text(row: T): string
}

/**
 * Rows as a table, in plain text and in HTML.
 *
 * @example toTable([{ title: 'name', text: user => user.name }], users)
 */
export function toTable<T>(columns: readonly Column<T>[], rows: readonly T[]): MimeBundle {
  const texts = rows.map(row => columns.map(({ text }) => text(row)))
  return { 'text/plain': toText(columns, texts), 'text/html': toHtml(columns, texts) }
}

type Texts = readonly (readonly string[])[]
type Columns = readonly Pick<Column<never>, 'title' | 'isNumber'>[]

function toText(columns: Columns, rows: Texts): string {
  const all = [columns.map(({ title }) => title), ...rows]
  const widths = columns.map((_, column) => Math.max(...all.map(row => (row[column] as string).length)))
  const pad = (text: string, column: number) => (columns[column]?.isNumber ? text.padStart(widths[column] as number) : text.padEnd(widths[column] as number))
  return all.map(row => row.map(pad).join('  ').trimEnd()).join('\n')
}

function toHtml(columns: Columns, rows: Texts): string {
  const cells = (tag: string, row: readonly string[]) =>
    row.map((text, column) => `<${tag} style="text-align: ${columns[column]?.isNumber ? 'right' : 'left'}">${escapeHtml(text)}</${tag}>`).join('')
  const head = cells('th', columns.map(({ title }) => title))
  const body = rows.map(row => `<tr>${cells('td', row)}</tr>`).join('')
  return `<table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`
}

/** Text as it stands between tags. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
