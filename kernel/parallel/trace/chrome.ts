import type { MessageEvent, TraceEvent, TraceWorker } from './events.ts'
import { describe } from './text.ts'
import type { Trace } from './trace.ts'

/** An event of the Trace Event Format. Times are microseconds. */
export interface ChromeEvent {
  readonly ph: 'X' | 'i' | 's' | 'f' | 'M' | 'C'
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur?: number
  readonly cat?: string
  /** Of an instant event: how far it reaches. */
  readonly s?: 't'
  /** Which start and finish of a flow belong together, and that the finish is within the slice. */
  readonly id?: number
  readonly bp?: 'e'
  readonly args?: Readonly<Record<string, unknown>>
}

/** The JSON Object Format of traces, as Perfetto and chrome://tracing open it. */
export interface ChromeTrace {
  readonly traceEvents: readonly ChromeEvent[]
  readonly displayTimeUnit: 'ms'
}

/** Something that takes time, in microseconds. */
interface Slice {
  readonly name: string
  readonly cat: string
  readonly ts: number
  readonly dur: number
  readonly args: Readonly<Record<string, unknown>>
  readonly flows: readonly { readonly ph: 's' | 'f'; readonly id: number }[]
}

/** A moment has to take some time to be drawn, in microseconds. */
const MOMENT = 1

/**
 * All events in the Trace Event Format: a row for each worker, grouped by process, and an arrow for each message.
 * See "Trace Event Format" by the Chromium project: complete events (X) of one thread must be nested or apart, so what
 * overlaps otherwise gets a row of its own.
 */
export function chromeTrace(trace: Trace): ChromeTrace {
  const slices = slicesOf(trace)
  const traceEvents = trace.workers.flatMap((worker, index) => rows(worker, index, trace, slices.get(worker.name) ?? []))
  return { traceEvents: [...traceEvents, ...counters(trace)], displayTimeUnit: 'ms' }
}

/** A worker's rows. Its tid is unlike any other's, also where threads of one process come and go. */
function rows(worker: TraceWorker, index: number, { duration, events }: Trace, slices: readonly Slice[]): ChromeEvent[] {
  const { name, kind, ran, ended = duration } = worker
  const pid = pidOf(worker, index)
  const first = (index + 1) * 1000
  const run: Slice[] = ran === undefined ? [] : [slice(kind === 'main' ? 'trace' : 'run', 'worker', ran, ended, { name, kind })]
  const tracks = nested([...run, ...slices])
  const named = Array.from({ length: Math.max(tracks.length, 1) }, (_, track): ChromeEvent[] => [
    metadata('thread_name', { pid, tid: first + track }, { name: track === 0 ? name : `${name} (at the same time)` }),
    metadata('thread_sort_index', { pid, tid: first + track }, { sort_index: first + track })
  ])
  return [
    metadata('process_name', { pid, tid: first }, { name: kind === 'process' ? name : 'MainProcess' }),
    metadata('process_sort_index', { pid, tid: first }, { sort_index: kind === 'process' ? index : -1 }),
    ...named.flat(),
    ...tracks.flatMap((track, number) => track.flatMap(each => complete(each, { pid, tid: first + number }))),
    ...events.flatMap(event => instant(event, name, { pid, tid: first }))
  ]
}

/** Numbers of processes are those of their machine: one elsewhere gets one that no other has, as one that never began. */
function pidOf({ pid, machine }: TraceWorker, index: number): number {
  return pid === undefined || machine !== undefined ? -1 - index : pid
}

/** What a Value is at any time, as a curve. */
function counters({ workers: [main], events }: Trace): ChromeEvent[] {
  const place = { pid: main?.pid ?? 0, tid: 0 }
  return events.flatMap((event): ChromeEvent[] => {
    const value = event.type === 'signal' && event.value !== undefined ? Number(event.value) : Number.NaN
    return event.type === 'signal' && Number.isFinite(value) ? [{ ph: 'C', name: event.on, cat: 'value', ts: micro(event.at), ...place, args: { value } }] : []
  })
}

type Place = Pick<ChromeEvent, 'pid' | 'tid'>

function metadata(name: string, place: Place, args: Readonly<Record<string, unknown>>): ChromeEvent {
  return { ph: 'M', name, ...place, ts: 0, args }
}

function complete({ flows, ...slice }: Slice, place: Place): ChromeEvent[] {
  return [
    { ph: 'X', ...slice, ...place },
    // At its beginning: at its very end a slice is over, and an arrow would have nothing to be tied to.
    ...flows.map(({ ph, id }): ChromeEvent => ({ ph, id, name: 'message', cat: 'message', ts: slice.ts, ...place, ...(ph === 'f' ? { bp: 'e' } : {}) }))
  ]
}

function instant(event: TraceEvent, worker: string, place: Place): ChromeEvent[] {
  const isOwn = (event.type === 'signal' && event.who === worker) || (event.type === 'end' && event.worker === worker) || (event.type === 'start' && event.by === worker)
  if (!isOwn) return []
  return [{ ph: 'i', name: describe(event), cat: event.type, ts: micro(event.at), s: 't', ...place, args: { ...event } }]
}

/** What each worker did that takes time: waiting, holding a lock, putting and getting. */
function slicesOf({ events, duration }: Trace): ReadonlyMap<string, readonly Slice[]> {
  const slices = new Map<string, Slice[]>()
  const add = (who: string, ...added: Slice[]) => {
    const known = slices.get(who) ?? []
    known.push(...added)
    slices.set(who, known)
  }
  for (const [id, event] of events.entries()) {
    if (event.type === 'wait') add(event.who, slice(`${event.action} ${event.on}`, 'wait', event.at, event.until ?? duration, { outcome: event.outcome ?? 'still waits' }))
    else if (event.type === 'program') {
      const { who, command, at, until = duration, pid, exitCode, signal } = event
      add(who, slice(command, 'program', at, until, { pid, exitCode, signal }))
    } else if (event.type === 'hold') add(event.who, slice(`hold ${event.on}`, 'hold', event.at, event.until ?? duration, {}))
    else if (event.type === 'message') for (const [who, sliceOfMessage] of message(event, id)) add(who, sliceOfMessage)
  }
  return slices
}

function* message({ at, from, to, through, item, bytes, received }: MessageEvent, id: number): Generator<[string, Slice]> {
  const args = { item, bytes, from, to }
  const arrives = to !== undefined && received !== undefined
  yield [from, { ...slice(`put ${through}`, 'message', at, at, args), flows: arrives ? [{ ph: 's', id }] : [] }]
  if (arrives) yield [to, { ...slice(`got ${through}`, 'message', received, received, args), flows: [{ ph: 'f', id }] }]
}

function slice(name: string, cat: string, from: number, until: number, args: Slice['args']): Slice {
  const ts = micro(from)
  return { name, cat, ts, dur: Math.max(micro(until) - ts, MOMENT), args, flows: [] }
}

/** What was under way when the trace began, began with it; thousandths are as exact as the clock. */
function micro(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds * 1e6) / 1e3)
}

/** Slices in rows: in each, two are one within the other or one after the other. */
function nested(slices: readonly Slice[]): Slice[][] {
  const tracks: { readonly slices: Slice[]; readonly open: number[] }[] = []
  for (const slice of slices.toSorted((a, b) => a.ts - b.ts || b.dur - a.dur)) {
    const end = slice.ts + slice.dur
    let track = tracks.find(({ open }) => {
      while (open.length > 0 && (open.at(-1) as number) <= slice.ts) open.pop()
      return open.length === 0 || (open.at(-1) as number) >= end
    })
    if (!track) tracks.push((track = { slices: [], open: [] }))
    track.slices.push(slice)
    track.open.push(end)
  }
  return tracks.map(({ slices }) => slices)
}
