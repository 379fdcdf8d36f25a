import { inspect } from 'node:util'
import { UsageError } from '../errors.ts'
import { DISPLAY, type Bundle } from './bundle.ts'
import { type Column, escapeHtml, toTable } from './table.ts'

/** Rows and columns that are shown at most, and characters of a cell. */
const MOST_ROWS = 50
const MOST_COLUMNS = 20
const LONGEST_TEXT = 200

type Row = Readonly<Record<string, unknown>>

export interface TableOptions {
  /** Names of the properties to show, in this order. Default: all, up to 20. */
  readonly columns?: readonly string[]
  /** How many rows are shown. Default: 50. */
  readonly limit?: number
}

/**
 * Objects as rows of a table; what is none stands in a column of its own.
 *
 * @example table([{ name: 'a', size: 1 }, { name: 'b', size: 2 }], { columns: ['size', 'name'] })
 */
export function table(rows: Iterable<unknown>, options: TableOptions = {}): { [DISPLAY](): Bundle } {
  if (typeof Object(rows)[Symbol.iterator] !== 'function' || typeof rows === 'string') {
    throw new UsageError(`table() takes rows: an array of objects, or what else can be iterated over, not ${inspect(rows, { depth: 0 })}.`)
  }
  const all = Array.from(rows, row => (typeof row === 'object' && row !== null ? row : { value: row }) as Row)
  return { [DISPLAY]: () => recordsBundle(all, options) }
}

/** Whether an array has objects like rows: plain ones, that don't say themselves how to show them. */
export function isRecords(values: readonly unknown[]): values is readonly Row[] {
  const seen = values.slice(0, MOST_ROWS)
  return seen.every(isRow) && seen.some(row => Object.keys(row).length > 0)
}

function isRow(value: unknown): value is Row {
  if (typeof value !== 'object' || value === null || DISPLAY in value) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

export function recordsBundle(rows: readonly Row[], { columns, limit = MOST_ROWS }: TableOptions = {}): Bundle {
  const shown = rows.slice(0, limit).map((row, index) => ({ row, index }))
  const all = columns ?? [...new Set(shown.flatMap(({ row }) => Object.keys(row)))]
  const names = columns ? all : all.slice(0, MOST_COLUMNS)
  const index: Column<(typeof shown)[number]> = { title: '', isNumber: true, text: each => String(each.index) }
  const { 'text/html': html, 'text/plain': plain } = toTable([index, ...names.map(name => columnOf(name, shown))], shown)
  const rest = [moreOf('row', rows.length - shown.length), moreOf('column', all.length - names.length)].filter(text => text !== '').join(', ')
  return rest === '' ? { 'text/plain': plain, 'text/html': html } : { 'text/plain': `${String(plain)}\n… ${rest}`, 'text/html': `${String(html)}<p>… ${escapeHtml(rest)}</p>` }
}

const moreOf = (what: string, count: number): string => (count > 0 ? `${count} more ${what}${count > 1 ? 's' : ''}` : '')

function columnOf(name: string, rows: readonly { readonly row: Row }[]): Column<{ readonly row: Row }> {
  const isNumber = rows.every(({ row }) => ['number', 'bigint', 'undefined'].includes(typeof row[name]))
  return { title: name, isNumber, text: ({ row }) => textOf(row[name]) }
}

function textOf(value: unknown): string {
  if (value === undefined) return ''
  const text = typeof value === 'string' ? value : value instanceof Date ? dateText(value) : inspect(value, { depth: 1, breakLength: Infinity, maxArrayLength: 10, maxStringLength: LONGEST_TEXT })
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text
}

const dateText = (date: Date): string => (Number.isNaN(date.getTime()) ? 'Invalid Date' : date.toISOString())
