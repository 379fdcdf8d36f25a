import assert from 'node:assert/strict'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { Types } from '../../kernel/types/types.ts'
import { typescriptProgram } from '../../kernel/typings/places.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

test('while TypeScript is yet to come, the values answer about what was there before', async () => {
  await using folder = await temporaryFolder()
  await using types = new Types({ folder: folder.path, log: assert.fail, warn: assert.fail, known: async () => [] })
  types.mode = 'warn'
  const answer = { matches: ['onlyInValues'], start: 8, end: 8, metadata: {} }
  assert.deepEqual(await types.complete({ type: 'complete', code: 'process.', offset: 8 }, async () => answer), answer)
})

test('the cells themselves answer where they say all that TypeScript could', async () => {
  await using folder = await temporaryFolder()
  await using types = new Types({ folder: folder.path, log: assert.fail, warn: assert.fail, known: async () => [] })
  types.mode = 'warn'
  const answer = { found: true, data: { 'text/plain': 'only the cells' }, metadata: {} }
  const question = { type: 'inspect', code: 'process', offset: 3, detail: 0 } as const
  assert.deepEqual(await types.inspect(question, async () => ({ ...answer, value: '', types: 'all' })), answer)
})

test('the server comes in the middle of a row of cells only where that is long, whatever came before a pause', async t => {
  const started = Promise.withResolvers<void>()
  let servers = 0
  const see = (): void => {
    servers++
    started.resolve()
  }
  subscribe('child_process', see)
  t.after(() => unsubscribe('child_process', see))
  let now = 0
  t.mock.method(performance, 'now', () => now)
  await using folder = await temporaryFolder()
  await using types = new Types({ folder: folder.path, log: () => undefined, warn: assert.fail, known: async () => [] })
  types.mode = 'warn'
  const run = (id: string, code: string, milliseconds: number): void => {
    types.begin(id, code, false)
    now += milliseconds
    types.end()
  }
  run('first', '1 + 1', 10)
  now += 60_000
  run('second', 'const a = 1', 10)
  types.begin('third', 'const b = 1', false)
  await Promise.all([import('../../kernel/types/server-keeper.ts'), typescriptProgram()])
  await turn()
  await turn()
  assert.equal(servers, 0)
  now += 1100
  types.end()
  types.begin('fourth', 'const c = 1', false)
  await started.promise
  assert.equal(servers, 1)
})
