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

test('what cells gave is of the notebook, for threads and processes, too', async () => {
  await using kernel = await startKernel()
  const value = async (cell: string) => valueOf(await ran(kernel.client, cell))
  await ran(kernel.client, 'const list: unknown[] = [1]\nlist')
  // Whoever looks for a symbol's origin looks at all that is Node's.
  assert.equal(await value('import { Process } from "paracell"\nconst child = new Process({ target: (all: object) => all, args: [{ [Symbol.for("mark")]: 1 }] })\nchild.start(); await child.result()'), '{ Symbol(mark): 1 }')
  assert.equal(await value('%%process\n[list, Out[1], _]'), '[ [ 1 ], [ 1 ], { Symbol(mark): 1 } ]')
  assert.equal(await value('%%thread\n[list === Out[1], In[1].length]'), '[ true, 32 ]')
  await ran(kernel.client, 'globalThis.loose = { n: 1 }')
  assert.equal(await value('%%process\n++loose.n'), '2')
  assert.equal(await value('%%thread\n++loose.n'), '2')
  assert.equal(await value('[loose, typeof gone]'), "[ { n: 2 }, 'undefined' ]")
  assert.equal(await value('%%process\ntypeof gone'), "'undefined'")
})
