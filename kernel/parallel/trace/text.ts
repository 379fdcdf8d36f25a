import type { TraceEvent, TraceWorker, WaitAction } from './events.ts'
import type { Trace } from './trace.ts'

/** So many lines can be taken in; the rest is counted. */
const MOST_LANES = 24
const MOST_EVENTS = 30
const WIDTH = 48

/** Milliseconds as people read them. */
export function duration(milliseconds: number): string {
  if (milliseconds >= 10_000) return `${(milliseconds / 1000).toFixed(1)} s`
  return `${milliseconds.toFixed(milliseconds >= 100 ? 0 : milliseconds >= 1 ? 1 : 2)} ms`
}

export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB']
  const unit = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  return `${Number((bytes / 1000 ** unit).toPrecision(3))} ${units[unit]}`
}

export function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}

/** One line: how long it took, who took part, what happened. */
export function summary({ duration: time, workers, events }: Trace): string {
  const count = (type: TraceEvent['type']) => events.filter(event => event.type === type).length
  const programs = count('program')
  return `Trace of ${duration(time)}: ${counted(workers.length - 1, 'worker')}, ${programs > 0 ? `${counted(programs, 'program')}, ` : ''}${counted(count('message'), 'message')}, ${counted(count('wait'), 'wait')}`
}

/** A lane for each worker, then what happened, one line each. */
export function text(trace: Trace): string {
  const { workers, events } = trace
  const width = Math.max(...workers.slice(0, MOST_LANES).map(({ name }) => columns(name)))
  const lanes = workers.slice(0, MOST_LANES).map(worker => `${padded(worker.name, width)} ${lane(worker, trace)}`)
  const lines = events.filter(event => event.type !== 'hold').slice(0, MOST_EVENTS).map(event => `${event.at.toFixed(1).padStart(10)} ms  ${describe(event)}`)
  return [
    `${summary(trace)}  (█ runs, ░ waits)`,
    ...lanes,
    ...more(workers.length - MOST_LANES, 'worker'),
    '',
    ...lines,
    ...more(events.filter(event => event.type !== 'hold').length - MOST_EVENTS, 'event')
  ].join('\n')
}

function more(count: number, what: string): string[] {
  return count > 0 ? [`… ${count.toLocaleString('en')} more ${what}${count === 1 ? '' : 's'}`] : []
}

function lane({ name, ran = Infinity, ended = Infinity }: TraceWorker, { duration: time, events }: Trace): string {
  const waits = events.filter(event => event.type === 'wait').filter(({ who }) => who === name)
  return Array.from({ length: WIDTH }, (_, column) => {
    const middle = ((column + 0.5) / WIDTH) * time
    if (middle < ran || middle > ended) return '·'
    return waits.some(({ at, until = Infinity }) => at <= middle && middle <= until) ? '░' : '█'
  }).join('').replace(/·+$/, '')
}

const sentences: { readonly [T in TraceEvent['type']]: (event: Extract<TraceEvent, { type: T }>) => string } = {
  start: ({ worker, by }) => `${by} starts ${worker}`,
  end: event => `${event.worker} ${ending(event)}`,
  message: ({ from, to, through, item, bytes, at, received }) =>
    `${from} → ${through} → ${to ?? 'nobody yet'}: ${item}${bytes === undefined ? '' : ` (${size(bytes)})`}${received === undefined ? '' : `, ${duration(received - at)} on its way`}`,
  wait: ({ who, action, on, at, until, outcome }) =>
    `${who} waits ${waiting(action, on)}${until === undefined ? ', still at the end' : ` for ${duration(until - at)}${outcome === 'done' ? '' : `, ${outcome}`}`}`,
  hold: ({ who, on }) => `${who} holds ${on}`,
  signal: ({ who, action, on, value }) => `${who}: ${action} ${on}${value === undefined ? '' : `, which is ${value}`}`,
  program: event => `${event.who} runs ${event.command}${event.until === undefined ? ', still at the end' : `, ${duration(event.until - event.at)}: ${event.signal ?? `exit code ${event.exitCode}`}`}`
}

/** What somebody waits for. */
export function waiting(action: WaitAction, on: string): string {
  return action === 'wait' ? `for ${on}` : `to ${action} ${on}`
}

/** What happened, in a sentence. */
export function describe(event: TraceEvent): string {
  return (sentences[event.type] as (event: TraceEvent) => string)(event)
}

export function ending({ exitCode, signal, error }: { readonly exitCode?: number; readonly signal?: string; readonly error?: string }): string {
  if (exitCode === undefined) return 'could not start'
  return `ends: ${signal ?? `exit code ${exitCode}`}${error ? `, ${error}` : ''}`
}

/** Chinese characters take two columns. */
function columns(text: string): number {
  return [...text].reduce((sum, character) => sum + (/[\p{Script=Han}\p{Script=Hangul}\p{Script=Hiragana}\p{Script=Katakana}\uff00-\uff60]/u.test(character) ? 2 : 1), 0)
}

function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columns(text)))
}
