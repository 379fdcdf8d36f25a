import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Notebook, openNotebook } from './notebook.ts'

describe('the bar of a Pool', () => {
  let notebook: Notebook
  before(async () => {
    notebook = openNotebook()
    await notebook.value(`
      import { Pool, sleep } from 'paracell'
      const pool = new Pool({ size: 2 })
      const wait = async (time: number) => { await sleep(time); return time }
      await pool.map(wait, [1, 1])
    `)
  })
  after(() => notebook[Symbol.asyncDispose]())

  test('one display that is updated up to its end', async () => {
    const { displays, error } = await notebook.run('await pool.map(wait, Array(20).fill(80))')
    assert.equal(error, undefined)
    assert.deepEqual(displays.map(({ update }) => update), [false, ...displays.slice(1).map(() => true)])
    assert.equal(new Set(displays.map(({ displayId }) => displayId)).size, 1)
    // At most ten a second, the first and the last besides.
    assert.ok(displays.length >= 2, `${displays.length} displays`)
    const { data } = displays.at(-1)!
    assert.match(String(data['text/plain']), /^map █{20} 20\/20 in [\d.]+ s$/)
    assert.match(String(data['text/html']), /<progress max="20" value="20"/)
  })

  const shows: Readonly<Record<string, readonly [cell: string, last: RegExp | undefined]>> = {
    'nothing for what is over at once': ['await pool.map(wait, [1, 1])', undefined],
    'nothing when it is not wanted': ['await pool.map(wait, [700, 700], { progress: false })', undefined],
    'nothing for imap': ['for await (const _ of pool.imap(wait, [700, 700]));', undefined],
    'imap when asked': ['for await (const _ of pool.imap(wait, [700, 700], { progress: true }));', /^imap █{20} 2\/2/],
    'no total where it is not known': ['for await (const _ of pool.imap(wait, (function* () { yield 700 })(), { progress: true }));', /^imap 1 in/],
    'where it was stopped': ["await pool.map(async (n: number) => { if (n > 1) { await sleep(700); throw new Error('no') } }, [1, 2], { chunksize: 1 }).catch(() => 0)", /^map █{10}░{10} 1\/2 in .* stopped$/]
  }
  for (const [story, [cell, last]] of Object.entries(shows)) {
    test(story, async () => {
      const { displays, error } = await notebook.run(cell)
      assert.equal(error, undefined)
      if (last) assert.match(String(displays.at(-1)?.data['text/plain']), last)
      else assert.deepEqual(displays, [])
    })
  }
})
