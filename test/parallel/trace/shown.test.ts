import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { ChromeTrace } from '../../../kernel/parallel/trace/chrome.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { openNotebook, type Notebook, type Ran } from '../together/notebook.ts'

const MERMAID = 'text/vnd.mermaid'
const VEGA = 'application/vnd.vegalite.v5+json'
const types = ({ displays }: Ran): string[] => displays.map(data => Object.keys(data)[0] ?? '')
const mermaidOf = ({ displays }: Ran): string => String(displays.find(data => MERMAID in data)?.[MERMAID])

const ECHO = `
  const child = new Process({ name: 'echo', target: async () => { await queue.put('你好') } })
  child.start()
  await queue.get()
  await child.join()`

describe('how a trace is shown', { timeout: 120_000 }, () => {
  let notebook: Notebook
  before(async () => {
    notebook = await openNotebook()
  })
  after(() => notebook[Symbol.asyncDispose]())

  test('a timeline and a sequence diagram, once', async () => {
    const ran = await notebook.attempt(`const queue = new Queue()\nawait trace(async () => {${ECHO}})`)
    assert.deepEqual(types(ran), [VEGA, MERMAID, 'text/plain'])
    assert.match(String(ran.displays[2]?.['text/plain']), /^Trace of [\d.]+ m?s: 1 worker, 1 message, \d waits?$/)
    assert.match(mermaidOf(ran), /^sequenceDiagram\nparticipant p0 as MainThread\nparticipant p1 as echo<br\/>pid \d+\np0->>\+p1: start\np1->>p0: queue: '你好' \(6 B\)\np1-->>-p0: ends: exit code 0$/)
  })

  test('again in a later cell, as its value', async () => {
    assert.deepEqual(types(await notebook.attempt('const traced = await trace(() => 1, { show: false })')), [])
    assert.deepEqual(types(await notebook.attempt('traced')), [VEGA, MERMAID])
    assert.match((await notebook.run('console.log(traced)')).join(''), /^Trace of/)
  })

  test('also when the work fails, before the error', async () => {
    const ran = await notebook.attempt(`await trace(async () => { throw new RangeError('no') })`)
    assert.deepEqual([types(ran), ran.error?.ename], [[VEGA, MERMAID], 'RangeError'])
    // Nobody traces any more.
    assert.deepEqual((await notebook.run('console.log((await trace(() => undefined, { show: false })).events.length)')), ['0'])
  })

  for (const waits of ['new Promise(() => undefined)', 'new Queue().get()', 'sleep(100_000)']) {
    test(`also when the cell is interrupted while it waits: ${waits}`, async () => {
        const running = notebook.attempt(`
        const child = new Process({ name: 'endless', target: () => sleep(100_000) })
        await trace(async () => { await child.start(); console.log('runs'); await ${waits} })`)
      await notebook.printed(/runs/)
      await notebook.interrupt()
      const { error } = await running
      assert.equal(error?.ename, 'KeyboardInterrupt')
      const ran = await notebook.displayed(MERMAID)
      assert.match(mermaidOf(ran), /p0->>\+p\d: start/)
    })
  }

  test('cells in workers, with --trace', async () => {
    const ran = await notebook.attempt('%%process -n 2 --trace\nrank')
    assert.deepEqual(types(ran), [VEGA, MERMAID, 'text/plain'])
    assert.match(mermaidOf(ran), /participant p2 as .+<br\/>pid/)
    assert.equal(ran.displays.at(-1)?.['text/plain'], '[ 0, 1 ]')
    const failed = await notebook.attempt('%%thread --trace\nthrow new RangeError("no")')
    assert.deepEqual([types(failed), failed.error?.ename], [[VEGA, MERMAID], 'RangeError'])
  })

  test('cells in the background, with --trace, when they have ended', async () => {
    await notebook.attempt('%%thread --background --name behind --trace\nconsole.log("begun"); await sleep(50)')
    const ran = await notebook.displayed(MERMAID)
    assert.match(mermaidOf(ran), /p1-->>-p0: ends: exit code 0/)
  })

  test('much of it, shortened, and complete in the file', async () => {
    await using folder = await temporaryFolder()
    const path = join(folder.path, 'trace.json')
    const ran = await notebook.attempt(`
      const queues = [new Queue<number>(), new Queue<number>()]
      const traced = await trace(async () => {
        for (let i = 0; i < 4000; i++) await queues[i % 2].put(i)
        for (let i = 0; i < 4000; i++) await queues[i % 2].get()
      })
      await traced.save(${JSON.stringify(path)})`)
    assert.match(mermaidOf(ran), /what repeats within [\d.]+ m?s is drawn once/)
    assert.ok(mermaidOf(ran).split('\n').length < 100)
    assert.ok(JSON.stringify(ran.displays).length < 200_000)
    const { traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as ChromeTrace
    assert.equal(traceEvents.filter(({ ph }) => ph === 's').length, 4000)
    assert.equal(traceEvents.filter(({ ph }) => ph === 'f').length, 4000)
  })

  test('says what it needs', async () => {
    const { error } = await notebook.attempt('await trace(42 as any)')
    assert.equal(error?.evalue, 'trace needs a function, as in await trace(async () => { … }).')
  })
})
