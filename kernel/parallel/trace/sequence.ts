import type { ProgramEvent, TraceEvent, TraceWorker, WaitEvent } from './events.ts'
import { counted, duration, ending, size, waiting } from './text.ts'
import type { Trace } from './trace.ts'

/** So many rows can be taken in. Of more, those of the same kind within a while are one; if that is not enough, the middle is counted. */
const MOST_ROWS = 60
const FIRST_ROWS = 40
const LAST_ROWS = 20
/** Into so many whiles the time is cut at first, which is halved until it is enough. */
const MOST_WHILES = 64
/** The pictures of more make the writing too small to read: those to whom most happens are drawn. */
const MOST_WORKERS = 8
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
export function mermaid({ duration: time, workers, events }: Trace): string {
  const starters = new Map(events.flatMap(event => (event.type === 'start' ? [[event.worker, event.by] as const] : [])))
  const all = events.flatMap(event => rowsOf(event, starters)).toSorted((a, b) => a.at - b.at)
  const shown = busiest(workers, all)
  const { rows, within } = gathered(all.filter(({ from, to }) => shown.has(from) && shown.has(to)), time)
  const isLong = rows.length > MOST_ROWS
  const parts = isLong ? [rows.slice(0, FIRST_ROWS), rows.slice(-LAST_ROWS)] : [rows]
  const hidden = sum(all) - sum(parts.flat())
  const present = workers.filter(({ name, kind }) => kind === 'main' || parts.some(part => part.some(({ from, to }) => from === name || to === name)))
  return new Diagram(present).draw(parts, { hidden, absent: workers.length - present.length, within })
}

/** The notebook, and those in most of the rows. */
function busiest(workers: readonly TraceWorker[], rows: readonly Row[]): ReadonlySet<string> {
  const counts = new Map<string, number>()
  for (const { from, to } of rows) for (const name of new Set([from, to])) counts.set(name, (counts.get(name) ?? 0) + 1)
  const weight = ({ name, kind }: TraceWorker) => (kind === 'main' ? Infinity : (counts.get(name) ?? 0))
  return new Set(workers.toSorted((a, b) => weight(b) - weight(a)).slice(0, MOST_WORKERS).map(({ name }) => name))
}

/** What repeats as one row; where that leaves too many, what repeats within some time, in milliseconds. */
function gathered(all: readonly Row[], time: number): { readonly rows: readonly Row[]; readonly within: number | undefined } {
  let rows = merged(all)
  let within: number | undefined
  for (let count = MOST_WHILES; rows.length > MOST_ROWS && count >= 1; count /= 2) {
    const [length, most] = [(within = time / count), count - 1]
    rows = merged(rows, ({ at }) => Math.min(Math.floor(at / length), most))
  }
  return { rows, within }
}

function sum(rows: readonly Row[]): number {
  return rows.reduce((total, { items }) => total + Math.max(items.length, 1), 0)
}

interface Left {
  /** How many rows are not drawn, and how many workers. */
  readonly hidden: number
  readonly absent: number
  /** Rows of the same kind in so many milliseconds are one. */
  readonly within: number | undefined
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

  draw(parts: readonly (readonly Row[])[], { hidden, absent, within }: Left): string {
    if (within !== undefined) this.#note(`what repeats within ${duration(within)} is drawn once`)
    for (const [index, rows] of parts.entries()) {
      if (index > 0) this.#note(`… ${hidden.toLocaleString('en')} more …`)
      for (const row of rows) this.#lines.push(this.#line(row))
    }
    const rest = [parts.length === 1 && hidden > 0 ? counted(hidden, 'more message') : '', absent > 0 ? counted(absent, 'more worker') : ''].filter(Boolean)
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
  if (event.type === 'signal') return row('note', event.who, event.who, `${event.action} ${event.on}`, { items: [event.value ?? ''] })
  if (event.type === 'program') return row('note', event.who, event.who, `runs ${event.command}${howEnded(event)}`, { items: [''], time: (event.until ?? event.at) - event.at })
  if (event.type === 'wait') return waitRow(event, (about, more) => row('note', event.who, event.who, about, more))
  return []
}

function howEnded({ until, exitCode, signal }: ProgramEvent): string {
  if (until === undefined) return ', still at the end'
  if (signal !== undefined) return `: ${signal}`
  return exitCode === 0 ? '' : `: exit code ${exitCode}`
}

/** A waiting that an arrow tells of already is left out, as is one for a pool's next task. */
function waitRow({ action, on, at, until, outcome }: WaitEvent, row: (about: string, more: Partial<Row>) => Row[]): Row[] {
  const what = waiting(action, on)
  if (on === 'Pool') return []
  if (until === undefined) return row(`still waits ${what}`, { at: Infinity })
  if (outcome === 'done' && (action === 'get' || action === 'join')) return []
  if (outcome === 'closed') return []
  return row(`waited ${what}${outcome === 'done' ? '' : `, ${outcome}`}`, { at: until, items: [''], time: until - at })
}

type Gathered = Omit<{ -readonly [K in keyof Row]: Row[K] }, 'items'> & { items: string[] }

/** What the same two do in the same way is one row: what follows each other, or is in the same of the groups. */
function merged(rows: readonly Row[], groupOf?: (row: Row) => number): readonly Row[] {
  const result: Gathered[] = []
  const places = new Map<string, number>()
  for (const row of rows) {
    const key = [row.type, row.from, row.to, row.about, groupOf?.(row)].join('\n')
    const place = places.get(key) ?? -1
    const same = row.items.length > 0 && (groupOf || place === result.length - 1) ? result[place] : undefined
    if (!same) places.set(key, result.push({ ...row, items: [...row.items] }) - 1)
    else {
      same.items.push(...row.items)
      same.bytes += row.bytes
      same.time += row.time
    }
  }
  return result
}

function labelOf({ type, about, items, bytes, time }: Row): string {
  const told = items.slice(0, FIRST_ITEMS).filter(Boolean).join(', ')
  const times = items.length > 1 && told === '' ? ` ${items.length.toLocaleString('en')}×` : ''
  const others = told !== '' && items.length > FIRST_ITEMS ? ` … ${(items.length - FIRST_ITEMS).toLocaleString('en')} more` : ''
  const more = type === 'message' ? (bytes > 0 ? ` (${size(bytes)})` : '') : time > 0 ? `, ${duration(time)}` : ''
  return `${about}${times}${told === '' ? '' : `: ${told}`}${others}${more}`
}

/** Mermaid reads some characters as its own. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[#;<>&{}%$\\`|"*~@]/g, character => `#${character.codePointAt(0)};`).replace(/^((?:no)?wrap):/i, '$1#58;')
}
