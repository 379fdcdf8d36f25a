import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openNotebook } from '../parallel/pool/notebook.ts'

test('what Node was loading when the cell was interrupted is whole afterwards', async () => {
  // At different moments: the first fetch loads Node's HTTP client, for some twenty milliseconds.
  for (const moment of [0, 3, 6, 9, 12, 15]) {
    await using notebook = openNotebook()
    await notebook.value('1')
    const running = notebook.run('console.log("runs"); fetch("data:,"); await new Promise(() => {})')
    await notebook.printed('runs')
    await pause(moment)
    await notebook.interrupt()
    assert.match((await running).error ?? '', /^KeyboardInterrupt/)
    assert.equal(await notebook.value('await (await fetch("data:,whole")).text()'), "'whole'")
  }
})
