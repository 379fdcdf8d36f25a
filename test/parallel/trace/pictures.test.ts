import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { chromeTrace } from '../../../kernel/parallel/trace/chrome.ts'
import type { TraceEvent, TraceWorker } from '../../../kernel/parallel/trace/events.ts'
import { mermaid } from '../../../kernel/parallel/trace/sequence.ts'
import { text } from '../../../kernel/parallel/trace/text.ts'
import { timeline } from '../../../kernel/parallel/trace/timeline.ts'
import type { Trace } from '../../../kernel/parallel/trace/trace.ts'

const main: TraceWorker = { name: 'MainThread', kind: 'main', pid: 1, ran: -Infinity }
const worker = (name: string): TraceWorker => ({ name, kind: 'thread', pid: 1, ran: 2, ended: 90 })
const traceOf = (workers: readonly TraceWorker[], events: readonly TraceEvent[]): Trace => ({ value: undefined, duration: 100, workers: [main, ...workers], events }) as unknown as Trace
const message = (from: string, to: string, item: string, at: number): TraceEvent => ({ type: 'message', at, received: at + 1, from, to, through: 'q', item })

describe('the sequence diagram', () => {
  test('escapes what Mermaid would read as its own', () => {
    const drawn = mermaid(traceOf([worker('a;b#c %%x\n<br>')], [message('a;b#c %%x\n<br>', 'MainThread', '"x; {y}" end', 5)]))
    assert.deepEqual(drawn.split('\n').slice(2), ['participant p1 as a#59;b#35;c #37;#37;x #60;br#62;', 'p1->>p0: q: #34;x#59; #123;y#125;#34; end'])
  })

  test('draws what repeats as one', () => {
    const events = [1, 2, 3, 4, 5].map(n => message('a', 'MainThread', String(n), n * 10))
    assert.equal(mermaid(traceOf([worker('a')], events)).split('\n').at(-1), 'p1->>p0: q: 1, 2, 3 … 2 more')
  })

  test('draws what repeats within a while as one, where there is much, and says so', () => {
    const events = Array.from({ length: 1000 }, (_, n) => message(n % 2 ? 'a' : 'b', 'MainThread', String(n), n / 10))
    const lines = mermaid(traceOf([worker('a'), worker('b')], events)).split('\n')
    assert.ok(lines.length < 70)
    assert.ok(lines.includes('Note over p0,p2: what repeats within 6.3 ms is drawn once'))
    assert.equal(lines.at(-1), 'p1->>p0: q: 929, 931, 933 … 33 more')
  })

  test('leaves out the middle of what does not repeat, and counts it', () => {
    const events = Array.from({ length: 1000 }, (_, n): TraceEvent => ({ type: 'signal', at: n / 10, who: 'a', action: 'set', on: `event ${n}` }))
    const lines = mermaid(traceOf([worker('a')], events)).split('\n')
    assert.ok(lines.includes('Note over p0,p1: … 940 more …'))
    assert.equal(lines.at(-1), 'Note over p1: set event 999')
  })

  test('draws those of many workers to whom most happens', () => {
    const workers = Array.from({ length: 30 }, (_, n) => worker(`w${n}`))
    const drawn = mermaid(traceOf(workers, workers.flatMap(({ name }, n) => Array.from({ length: n }, (_, k) => message(name, 'MainThread', String(k), n + k)))))
    assert.deepEqual([...drawn.matchAll(/ as (w\d+)/g)].map(([, name]) => name), ['w23', 'w24', 'w25', 'w26', 'w27', 'w28', 'w29'])
  })

  test('tells of values and programs', () => {
    const events: TraceEvent[] = [
      ...[1, 3, 6, 10].map((value, n): TraceEvent => ({ type: 'signal', at: n, who: 'a', action: 'add', on: 'total', value: String(value) })),
      { type: 'program', at: 10, until: 30, who: 'a', command: 'make test', pid: 5, exitCode: 2 },
      { type: 'program', at: 40, who: 'a', command: 'sleep 60', pid: 6 }
    ]
    const lines = mermaid(traceOf([worker('a')], events)).split('\n')
    assert.deepEqual(lines.slice(-3), ['Note over p1: add total: 1, 3, 6 … 1 more', 'Note over p1: runs make test: exit code 2, 20.0 ms', 'Note over p1: runs sleep 60, still at the end'])
  })

  test('draws some of very many workers, and counts the others', () => {
    const workers = Array.from({ length: 1000 }, (_, n) => worker(`w${n}`))
    const events = workers.map(({ name }, n): TraceEvent => ({ type: 'start', at: n / 20, worker: name, by: 'MainThread' }))
    const lines = mermaid(traceOf(workers, events)).split('\n')
    assert.ok(lines.length < 50)
    assert.match(String(lines.at(-1)), /… 993 more messages, 993 more workers$/)
  })

  test('ends only what has begun in the picture', () => {
    const events: TraceEvent[] = [{ type: 'end', at: 5, worker: 'a', exitCode: 0 }, { type: 'start', at: 6, worker: 'b', by: 'MainThread' }, { type: 'end', at: 9, worker: 'b', exitCode: -9, signal: 'SIGKILL' }]
    const lines = mermaid(traceOf([worker('a'), worker('b')], events)).split('\n')
    assert.deepEqual(lines.slice(-3), ['p1-->>p1: ends: exit code 0', 'p0->>+p2: start', 'p2-->>-p0: ends: SIGKILL'])
  })
})

describe('the Chrome trace', () => {
  const waits = (at: number, until: number): TraceEvent => ({ type: 'wait', at, until, who: 'a', action: 'get', on: 'q', outcome: 'done' })
  const { traceEvents } = chromeTrace(traceOf([worker('a'), { name: 'p', kind: 'process', pid: 77, ran: 10 }], [
    waits(10, 30), waits(20, 40), waits(21, 22), message('a', 'p', '1', 50),
    { type: 'signal', at: 60, who: 'a', action: 'add', on: 'total', value: '7' }, { type: 'program', at: 60, until: 70, who: 'p', command: 'make', pid: 99, exitCode: 2 }
  ]))

  test('has what each phase needs', () => {
    for (const { ph, name, pid, tid, ts, ...rest } of traceEvents) {
      assert.ok([pid, tid, ts].every(Number.isFinite) && ts >= 0 && name !== '', JSON.stringify({ ph, name, pid, tid, ts }))
      if (ph === 'X') assert.ok((rest.dur ?? -1) > 0)
      if (ph === 's' || ph === 'f') assert.ok(rest.id !== undefined && rest.cat)
      if (ph === 'i') assert.equal(rest.s, 't')
    }
  })

  test('names processes and threads', () => {
    const names = traceEvents.filter(({ name }) => name === 'process_name' || name === 'thread_name').map(({ name, pid, args }) => [name, pid, args?.['name']])
    assert.deepEqual(names, [
      ['process_name', 1, 'MainProcess'], ['thread_name', 1, 'MainThread'],
      ['process_name', 1, 'MainProcess'], ['thread_name', 1, 'a'], ['thread_name', 1, 'a (at the same time)'],
      ['process_name', 77, 'p'], ['thread_name', 77, 'p']
    ])
  })

  test('has slices of one row within or behind each other', () => {
    for (const tid of new Set(traceEvents.map(each => each.tid))) {
      const open: number[] = []
      for (const { ts, dur = 0 } of traceEvents.filter(each => each.ph === 'X' && each.tid === tid).toSorted((a, b) => a.ts - b.ts || (b.dur ?? 0) - (a.dur ?? 0))) {
        while (open.length > 0 && (open.at(-1) as number) <= ts) open.pop()
        assert.ok(open.length === 0 || (open.at(-1) as number) >= ts + dur)
        open.push(ts + dur)
      }
    }
  })

  test('has a curve for a value, and a slice for a program', () => {
    const found = traceEvents.filter(({ ph, cat }) => ph === 'C' || cat === 'program')
    assert.deepEqual(found.map(({ ph, name, pid, ts, dur, args }) => [ph, name, pid, ts, dur, args]), [
      ['X', 'make', 77, 60_000, 10_000, { pid: 99, exitCode: 2, signal: undefined }],
      ['C', 'total', 1, 60_000, undefined, { value: 7 }]
    ])
  })

  test('has an arrow for a message, from slice to slice', () => {
    const within = (event: (typeof traceEvents)[number] | undefined, name: string) =>
      traceEvents.some(({ ph, name: other, tid, ts, dur = 0 }) => ph === 'X' && other === name && tid === event?.tid && ts <= event.ts && event.ts < ts + dur)
    assert.ok(within(traceEvents.find(({ ph }) => ph === 's'), 'put q'))
    assert.ok(within(traceEvents.find(({ ph }) => ph === 'f'), 'got q'))
  })
})

test('the timeline draws as much as can be taken in', () => {
  const workers = Array.from({ length: 100 }, (_, n) => worker(`w${n}`))
  const events = Array.from({ length: 5000 }, (_, n): TraceEvent[] => [message('w1', 'w2', String(n), n / 60), { type: 'wait', at: n / 60, until: n / 60 + 1, who: 'w1', action: 'get', on: 'q', outcome: 'done' }]).flat()
  const chart = timeline(traceOf(workers, events)) as { readonly title: { readonly subtitle: string } }
  assert.ok(JSON.stringify(chart).length < 200_000)
  assert.equal(chart.title.subtitle, '… 61 more workers, 4,500 more waits, 4,800 more messages')
})

test('the text has a lane for each worker, and the first events', () => {
  const events: TraceEvent[] = [
    { type: 'start', at: 1, worker: '工人', by: 'MainThread' },
    { type: 'wait', at: 50, until: 75, who: '工人', action: 'acquire', on: 'lock', outcome: 'done' },
    { type: 'end', at: 90, worker: '工人', exitCode: 1, error: 'RangeError: no' }
  ]
  assert.equal(text(traceOf([worker('工人')], events)), [
    'Trace of 100 ms: 1 worker, 0 messages, 1 wait  (█ runs, ░ waits)',
    `MainThread ${'█'.repeat(48)}`,
    `工人       ·${'█'.repeat(23)}${'░'.repeat(12)}${'█'.repeat(7)}`,
    '',
    '       1.0 ms  MainThread starts 工人',
    '      50.0 ms  工人 waits to acquire lock for 25.0 ms',
    '      90.0 ms  工人 ends: exit code 1, RangeError: no'
  ].join('\n'))
})
