import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ran, startKernel, valueOf } from './running-kernel.ts'

test('In, Out, _ and what they are called by', async () => {
  await using kernel = await startKernel()
  const value = async (cell: string) => valueOf(await ran(kernel.client, cell))
  await ran(kernel.client, '40 + 2')
  await ran(kernel.client, 'let a = 1')
  await kernel.client.execute('"silent"', { silent: true })
  assert.equal(await value('[_, __, Out[1], Out[2], In[2], In.at(-1)?.length]'), "[ 42, undefined, 42, undefined, 'let a = 1', 49 ]")
  assert.equal(await value('%time _.length'), '6')
  assert.equal(await value('Object.keys(Out)'), "[ '1', '3', '4' ]")
  assert.equal(await value('_ = 7; __'), '6')
  assert.equal(await value('_'), '7')
  assert.equal(await value('const __ = 8; __'), '8')
  assert.equal(await value('__'), '8')
})
