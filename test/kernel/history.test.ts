import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { errorOf, ran, type RunningKernel, startKernel } from './running-kernel.ts'

describe('%history', () => {
  let kernel: RunningKernel
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  const start = () => startKernel({ env: { PARACELL_HISTORY: join(folder.path, 'kept', 'history.sqlite') } })
  before(async () => {
    folder = await temporaryFolder()
    await using earlier = await start()
    for (const cell of ['const a = 1', 'a + 1', 'if (a) {\n  a\n}']) await ran(earlier.client, cell)
    await earlier.client.shutdown()
    await earlier.exited
    kernel = await start()
    for (const cell of ['const b = 2', 'b * 2', 'b * 2']) await ran(kernel.client, cell)
  })
  after(async () => {
    await kernel[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  const shown: readonly (readonly [line: string, prints: string])[] = [
    ['%history 1-3', 'const b = 2\nb * 2\nb * 2\n'],
    ['%history -n 2', '2: b * 2\n'],
    ['%history -no 1-2 3', '1: const b = 2\n2: b * 2\n→ 4\n3: b * 2\n→ 4\n'],
    ['%history ~1/', '1/1: const a = 1\n1/2: a + 1\n1/3: if (a) {\n       a\n     }\n'],
    ['%history 1/2-', '1/2: a + 1\n1/3: if (a) {\n       a\n     }\n'],
    ['%history -g "const *"', '1/1: const a = 1\n2/1: const b = 2\n'],
    ['%history -u -g "b * 2" -l 1', '2/3: b * 2\n'],
    ['%history 99', 'Nothing like that was executed.\n']
  ]
  for (const [line, prints] of shown) {
    test(`${line} prints`, async () => {
      const { stdout } = await ran(kernel.client, line)
      // Searches find earlier ones, as any cell.
      assert.equal(stdout.split('\n').filter(text => !text.includes('%history')).join('\n'), prints)
    })
  }

  test('without anything, it prints the cells of this session, the running one included', async () => {
    const { stdout } = await ran(kernel.client, '%history')
    assert.match(stdout, /^const b = 2\nb \* 2\n.*%history\n$/s)
  })

  for (const [line, says] of [['%history x', /"x" is no range/], ['%history -l many', /--last takes a whole number/], ['%history -l 2 3', /either ranges, or --last/]] as const) {
    test(`${line} is refused`, async () => assert.match(String(errorOf(await kernel.client.execute(line))?.evalue), says))
  }

  test('a front end finds what earlier kernels executed', async () => {
    const { reply: { content } } = await kernel.client.request('history_request', { hist_access_type: 'search', pattern: '*a + 1*', output: false, raw: true, n: 10 })
    assert.deepEqual((content['history'] as unknown[])[0], [1, 2, 'a + 1'])
  })

  test('a cell that the front end does not want to keep is not kept', async () => {
    await kernel.client.execute('"unkept"', { store_history: false })
    assert.doesNotMatch((await ran(kernel.client, '%history -g unkep*ed')).stdout, /"unkept"/)
  })
})
