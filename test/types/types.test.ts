import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Types } from '../../kernel/types/types.ts'
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
