import type { EndEvent, HoldEvent, MessageEvent, ProgramEvent, TraceWorker, WaitEvent } from './events.ts'
import { counted, describe, ending, summary } from './text.ts'
import type { Trace } from './trace.ts'

/** So much can be taken in: the first workers, the longest waits, messages from all along. The rest is counted. */
const MOST_LANES = 40
const MOST_SPANS = 500
const MOST_MESSAGES = 200
/** Names of lanes included, in pixels: what a notebook beside its file browser has room for. */
const WIDTH = 650
const LANE_HEIGHT = 26
/** From so many milliseconds on, the axis has seconds. */
const LONG = 10_000

type Json = Readonly<Record<string, unknown>>

/** What is drawn of a trace. */
interface Choice {
  readonly workers: readonly TraceWorker[]
  readonly waits: readonly WaitEvent[]
  readonly holds: readonly HoldEvent[]
  readonly programs: readonly ProgramEvent[]
  readonly messages: readonly MessageEvent[]
  readonly ends: readonly EndEvent[]
  /** What isn't, in words. */
  readonly hidden: readonly string[]
}

/** Who ran and waited when, one lane for each worker, as a chart in the language of Vega-Lite. */
export function timeline(trace: Trace): Json {
  const { workers, waits, holds, programs, messages, ends, hidden } = choose(trace)
  const lanes = workers.map(({ name }) => name)
  const axis = new Axis(trace.duration)
  const present = new Set(['runs', ...holds.map(() => HOLDS), ...programs.map(() => PROGRAM), ...waits.map(({ action }) => `waits: ${action}`)])
  const kinds = Object.keys(COLOURS).filter(kind => present.has(kind))
  const layers = [
    bars(18, workers.flatMap(worker => axis.run(worker))),
    bars(14, programs.map(program => axis.span(program, PROGRAM))),
    bars(5, holds.map(hold => axis.span(hold, HOLDS))),
    bars(10, waits.map(wait => axis.span(wait, `waits: ${wait.action}`))),
    ...(messages.length > 0 ? arrows(messages.map(message => axis.arrow(message))) : []),
    ...(ends.length > 0 ? [crosses(ends.map(end => axis.point(end)))] : [])
  ]
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v5.json',
    title: { text: summary(trace), subtitle: hidden.length > 0 ? `… ${hidden.join(', ')}` : '', anchor: 'start', fontWeight: 'normal', offset: 6 },
    width: WIDTH,
    autosize: { type: 'fit-x', contains: 'padding' },
    height: Math.max(lanes.length, 2) * LANE_HEIGHT,
    encoding: {
      x: { type: 'quantitative', scale: { domain: [0, axis.end], nice: false }, axis: { title: axis.unit } },
      color: { scale: { domain: kinds, range: kinds.map(kind => COLOURS[kind]) }, legend: { title: null, orient: 'bottom' } },
      y: { type: 'nominal', scale: { domain: lanes }, axis: { title: null, domain: false, ticks: false, labelLimit: 180 } }
    },
    layer: layers.map(layer => withFields(layer)),
    config: { view: { stroke: null }, axis: { gridOpacity: 0.4 } }
  }
}

function choose({ workers: all, events }: Trace): Choice {
  const workers = all.slice(0, MOST_LANES)
  const lanes = new Set(workers.map(({ name }) => name))
  const within = (...names: (string | undefined)[]) => names.every(name => name !== undefined && lanes.has(name))
  const waits = events.filter(event => event.type === 'wait').filter(({ who }) => within(who))
  const holds = events.filter(event => event.type === 'hold').filter(({ who }) => within(who))
  const messages = events.filter(event => event.type === 'message').filter(({ from, to }) => within(from, to))
  const programs = events.filter(event => event.type === 'program').filter(({ who }) => within(who))
  const chosen = { waits: longest(waits), holds: longest(holds), programs: longest(programs), messages: spread(messages, MOST_MESSAGES) }
  const left = [[all.length - workers.length, 'worker'], [waits.length - chosen.waits.length, 'wait'], [programs.length - chosen.programs.length, 'program'], [messages.length - chosen.messages.length, 'message']] as const
  const hidden = left.filter(([count]) => count > 0).map(([count, what]) => counted(count, `more ${what}`))
  const ends = events.filter(event => event.type === 'end').filter(({ worker, exitCode }) => within(worker) && exitCode !== 0)
  return { workers, ...chosen, ends, hidden }
}

function longest<T extends WaitEvent | HoldEvent | ProgramEvent>(spans: readonly T[]): readonly T[] {
  const length = ({ at, until = Infinity }: T) => until - at
  return spans.length > MOST_SPANS ? spans.toSorted((a, b) => length(b) - length(a)).slice(0, MOST_SPANS) : spans
}

function spread<T>(items: readonly T[], most: number): readonly T[] {
  const step = Math.max(1, items.length / most)
  return Array.from({ length: Math.min(items.length, most) }, (_, index) => items[Math.floor(index * step)] as T)
}

/** Makes rows of data, with times as the axis has them. */
class Axis {
  readonly unit: string
  readonly end: number
  readonly #scale: number

  constructor(duration: number) {
    this.unit = duration > LONG ? 's' : 'ms'
    this.#scale = duration > LONG ? 1000 : 1
    this.end = duration / this.#scale
  }

  run({ name, kind, pid, ran, ended }: TraceWorker): Json[] {
    const what = kind === 'process' ? `${name}, process ${pid}` : kind === 'thread' ? `${name}, a thread` : name
    return ran === undefined ? [] : [{ lane: name, from: this.#at(ran), to: this.#at(ended), kind: 'runs', what }]
  }

  span(event: WaitEvent | HoldEvent | ProgramEvent, kind: string): Json {
    return { lane: event.who, from: this.#at(event.at), to: this.#at(event.until), kind, what: describe(event) }
  }

  arrow(event: MessageEvent): Json {
    return { lane: event.from, other: event.to, from: this.#at(event.at), to: this.#at(event.received), what: describe(event) }
  }

  point(event: EndEvent): Json {
    return { lane: event.worker, from: this.#at(event.at), what: `${event.worker} ${ending(event)}` }
  }

  #at(milliseconds = Infinity): number {
    return Math.min(Math.max(milliseconds / this.#scale, 0), this.end)
  }
}

const HOLDS = 'holds a lock'
const PROGRAM = 'runs a program'

/** Colours that tell running from waiting also for those who don't see red and green apart. */
const COLOURS: Readonly<Record<string, string>> = {
  runs: '#9ecae1',
  [PROGRAM]: '#74c476',
  [HOLDS]: '#2171b5',
  'waits: get': '#fdd0a2',
  'waits: put': '#fd8d3c',
  'waits: acquire': '#d94801',
  'waits: wait': '#c994c7',
  'waits: join': '#d9d9d9'
}
/** To be seen on a light page and on a dark one. */
const GREY = '#777'
/** More than so many strokes hide what is behind them. */
const DENSE = 60

function bars(size: number, values: readonly Json[]): Json {
  const color = { field: 'kind', type: 'nominal' }
  return { data: { values }, mark: { type: 'bar', height: size }, encoding: { x2: { field: 'to' }, color } }
}

function arrows(values: readonly Json[]): Json[] {
  const style = { color: GREY, opacity: values.length > DENSE ? 0.3 : 0.8 }
  return [
    { data: { values }, mark: { type: 'rule', ...style }, encoding: { x2: { field: 'to' }, y2: { field: 'other' } } },
    { data: { values: values.map(({ other, to, what }) => ({ lane: other, from: to, what })) }, mark: { type: 'circle', size: 22, ...style }, encoding: {} }
  ]
}

function crosses(values: readonly Json[]): Json {
  return { data: { values }, mark: { type: 'point', shape: 'cross', angle: 45, size: 90, filled: true, color: '#cb181d' }, encoding: {} }
}

/** Every layer has its own data, in the same fields. */
function withFields(layer: Json): Json {
  const encoding = layer['encoding'] as Json
  return { ...layer, encoding: { x: { field: 'from' }, y: { field: 'lane' }, tooltip: { field: 'what', type: 'nominal' }, ...encoding } }
}
