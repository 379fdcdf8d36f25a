import type { TraceEvent, TraceWorker } from './events.ts'
import { duration, ending, size, waiting } from './text.ts'
import type { Trace } from './trace.ts'

/** So many rows and workers can be taken in: of more, the first and the last are drawn, and the others counted. */
const FIRST_ROWS = 50
const LAST_ROWS = 20
const MOST_WORKERS = 16
/** Of so many items in a row, the first are told. */
const FIRST_ITEMS = 3

/** An arrow, or a note over one worker. Rows of the same kind that follow each other are drawn as one. */
interface Row {
  readonly type: 'start' | 'end' | 'message' | 'note'
  readonly at: number
  readonly from: string
  readonly to: string
  /** What it has in common with others like it, and what is its own. */
  readonly about: string
  readonly items: readonly string[]
  readonly bytes: number
  /** How long it took altogether, where it was a waiting. */
  readonly time: number
}

/** What was sent, started and waited for, as a sequence diagram in Mermaid's language. */
export function mermaid({ workers, events }: Trace): string {
  const shown = new Set(workers.slice(0, MOST_WORKERS).map(({ name }) => name))
  const starters = new Map(events.flatMap(event => (event.type === 'start' ? [[event.worker, event.by] as const] : [])))
  const all = merged(events.flatMap(event => rowsOf(event, starters)).toSorted((a, b) => a.at - b.at))
  const rows = all.filter(({ from, to }) => shown.has(from) && shown.has(to))
  const isLong = rows.length > FIRST_ROWS + LAST_ROWS
  const parts = isLong ? [rows.slice(0, FIRST_ROWS), rows.slice(-LAST_ROWS)] : [rows]
  const hidden = sum(isLong ? rows.slice(FIRST_ROWS, -LAST_ROWS) : []) + sum(all) - sum(rows)
  const present = workers.filter(({ name, kind }) => kind === 'main' || parts.some(part => part.some(({ from, to }) => from === name || to === name)))
  return new Diagram(present).draw(parts, hidden, workers.length - present.length)
}

function sum(rows: readonly Row[]): number {
  return rows.reduce((total, { items }) => total + Math.max(items.length, 1), 0)
}

/** The lines of the diagram, and who is active in them. */
class Diagram {
  readonly #ids: ReadonlyMap<string, string>
  readonly #active = new Set<string>()
  readonly #lines: string[] = ['sequenceDiagram']

  constructor(workers: readonly TraceWorker[]) {
    this.#ids = new Map(workers.map(({ name }, index) => [name, `p${index}`]))
    for (const { name, kind, pid } of workers) {
      this.#lines.push(`participant ${this.#id(name)} as ${escaped(name)}${kind === 'process' && pid !== undefined ? `<br/>pid ${pid}` : ''}`)
    }
    for (const { name, ran = 0, kind } of workers) if (kind !== 'main' && ran < 0) this.#activate(name)
  }

  draw(parts: readonly (readonly Row[])[], hidden: number, absent: number): string {
    for (const [index, rows] of parts.entries()) {
      if (index > 0) this.#note(`… ${hidden.toLocaleString('en')} more …`)
      for (const row of rows) this.#lines.push(this.#line(row))
    }
    const rest = [parts.length === 1 && hidden > 0 ? `${hidden.toLocaleString('en')} more messages` : '', absent > 0 ? `${absent} more workers` : ''].filter(Boolean)
    if (rest.length > 0) this.#note(`… ${rest.join(', ')}`)
    return this.#lines.join('\n')
  }

  #line(row: Row): string {
    const [from, to] = [this.#id(row.from), this.#id(row.to)]
    const label = escaped(labelOf(row))
    if (row.type === 'note') return `Note over ${from}: ${label}`
    if (row.type === 'message') return `${from}->>${to}: ${label}`
    if (row.type === 'start') {
      const sign = this.#active.has(row.to) ? '' : '+'
      this.#active.add(row.to)
      return `${from}->>${sign}${to}: ${label}`
    }
    const sign = this.#active.delete(row.from) ? '-' : ''
    return `${from}-->>${sign}${to}: ${label}`
  }

  #activate(name: string): void {
    this.#active.add(name)
    this.#lines.push(`activate ${this.#id(name)}`)
  }

  #note(text: string): void {
    const ids = [...this.#ids.values()]
    this.#lines.push(`Note over ${[...new Set([ids[0], ids.at(-1)])].join(',')}: ${text}`)
  }

  #id(name: string): string {
    return this.#ids.get(name) ?? 'p0'
  }
}

/** Whoever started a worker hears of its end. */
function rowsOf(event: TraceEvent, starters: ReadonlyMap<string, string>): Row[] {
  const row = (type: Row['type'], from: string, to: string, about: string, more: Partial<Row> = {}): Row[] => [{ type, at: event.at, from, to, about, items: [], bytes: 0, time: 0, ...more }]
  if (event.type === 'start') return row('start', event.by, event.worker, 'start')
  if (event.type === 'end') return row('end', event.worker, starters.get(event.worker) ?? event.worker, ending(event))
  if (event.type === 'message') {
    const { from, to, through, item, bytes = 0, received = event.at } = event
    return row('message', from, to ?? from, to === undefined ? `${through} (not got)` : through, { at: received, items: [item], bytes })
  }
  if (event.type === 'signal') return row('note', event.who, event.who, `${event.action} ${event.on}`, { items: [''] })
  if (event.type === 'wait') return waitRow(event, (about, more) => row('note', event.who, event.who, about, more))
  return []
}

/** A waiting that an arrow tells of already is left out. */
function waitRow({ action, on, at, until, outcome }: Extract<TraceEvent, { type: 'wait' }>, row: (about: string, more: Partial<Row>) => Row[]): Row[] {
  const what = waiting(action, on)
  if (until === undefined) return row(`still waits ${what}`, { at: Infinity })
  if (outcome === 'done' && (action === 'get' || action === 'join')) return []
  if (outcome === 'closed') return []
  return row(`waited ${what}${outcome === 'done' ? '' : `, ${outcome}`}`, { at: until, items: [''], time: until - at })
}

/** What the same two do in the same way, one after the other, is one row. */
function merged(rows: readonly Row[]): Row[] {
  const result: Row[] = []
  for (const row of rows) {
    const last = result.at(-1)
    const isSame = last && last.items.length > 0 && (['type', 'from', 'to', 'about'] as const).every(key => last[key] === row[key])
    if (isSame) result[result.length - 1] = { ...last, items: combined(last.items, row.items), bytes: last.bytes + row.bytes, time: last.time + row.time }
    else result.push(row)
  }
  return result
}

function combined(items: readonly string[], more: readonly string[]): readonly string[] {
  const all = items as string[]
  all.push(...more)
  return all
}

function labelOf({ type, about, items, bytes, time }: Row): string {
  const times = items.length > 1 ? ` ${items.length.toLocaleString('en')}×` : ''
  if (type !== 'message') return `${about}${times}${time > 0 ? `, ${duration(time)}` : ''}`
  const told = items.slice(0, FIRST_ITEMS).join(', ')
  const others = items.length - FIRST_ITEMS
  return `${about}: ${told}${others > 0 ? ` … ${others.toLocaleString('en')} more` : ''}${bytes > 0 ? ` (${size(bytes)})` : ''}`
}

/** Mermaid reads some characters as its own. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[#;<>&{}%$\\`|"*~@]/g, character => `#${character.codePointAt(0)};`).replace(/^((?:no)?wrap):/i, '$1#58;')
}
