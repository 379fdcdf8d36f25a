import type { Column, Figure, FigureName } from './figures.ts'
import { FIGURES } from './figures.ts'

/** All samples of each figure, by who was measured. */
export type Results = ReadonlyMap<FigureName, ReadonlyMap<Column, readonly number[]>>

interface Row {
  readonly figure: Figure
  readonly columns: ReadonlyMap<Column, readonly number[]>
}

/** The results as a Markdown table: best (of bytes and messages: worst) and median, then that against the best peer's, then the target. */
export function markdown(results: Results, columns: readonly Column[]): string {
  const head = ['figure', 'unit', ...columns, 'to the best peer', 'target', '']
  const rows = [...results].map(([name, found]) => cellsOf({ figure: FIGURES[name], columns: found }, columns))
  return [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')
}

function cellsOf({ figure, columns: samples }: Row, columns: readonly Column[]): string[] {
  const bests = Object.fromEntries([...samples].map(([column, values]) => [column, decisive(values, figure)]))
  const ours = bests['paracell'] ?? Number.NaN
  const peers = columns.filter(column => column !== 'paracell').flatMap(column => bests[column] ?? [])
  const peer = figure.better === 'less' ? Math.min(...peers) : Math.max(...peers)
  const shown = columns.map(column => show(samples.get(column), figure))
  const ratio = peers.length > 0 && peer > 0 && ours > 0 ? `${round(ours / peer)}x` : ''
  const { target } = figure
  const limit = target?.limit(bests) ?? Number.NaN
  const met = figure.better === 'less' ? ours <= limit : ours >= limit
  const mark = Number.isNaN(limit) ? '' : met ? 'ok' : 'miss'
  return [figure.title, figure.unit, ...shown, ratio, target ? `${target.says}${Number.isNaN(limit) ? '' : ` = ${round(limit)}`}` : '', mark]
}

function show(values: readonly number[] | undefined, figure: Figure): string {
  return values?.length ? `${round(best(values, figure))} (${round(median(values))})` : '–'
}

/** What is held against a target. */
function decisive(values: readonly number[], figure: Figure): number {
  return figure.counts === 'median' ? median(values) : best(values, figure)
}

// Of times the best is what the code takes, and the rest what the machine did meanwhile; of bytes and of different things the worst counts.
function best(values: readonly number[], { better, unit, counts }: Figure): number {
  return (better === 'less' && (unit === 'ms' || unit === 'x') && counts === undefined ? Math.min : Math.max)(...values)
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}

/** Three digits are as many as mean something. */
function round(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}
