import assert from 'node:assert/strict'
import { readdir, watch } from 'node:fs/promises'
import { test } from 'node:test'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { ran, startKernel, valueOf } from './running-kernel.ts'

test('what a session has compiled is kept while it is quiet, not only at an end that it may not live to see', async () => {
  await using folder = await temporaryFolder()
  await using kernel = await startKernel({ env: { NODE_COMPILE_CACHE: folder.path } })
  const kept = fileIn(folder.path)
  await ran(kernel.client, '1 + 1')
  assert.ok(await kept)
})

test('a cache that can\'t be written keeps nobody from anything', async () => {
  await using kernel = await startKernel({ env: { NODE_COMPILE_CACHE: '/dev/null/nowhere' } })
  assert.equal(valueOf(await ran(kernel.client, '1 + 1')), '2')
})

/** Resolves to one of the files once there is one that is whole: until then it has another name. */
async function fileIn(folder: string): Promise<string | undefined> {
  for await (const _ of watch(folder, { recursive: true })) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const found = entries.find(entry => entry.isFile() && !entry.name.includes('.'))
    if (found) return found.name
  }
  return undefined
}
