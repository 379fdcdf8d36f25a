import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { poolContract } from './contract.ts'
import { type Notebook, openNotebook } from './notebook.ts'

poolContract('Pool of kind process', { kind: 'process' })
poolContract('Pool of kind thread', { kind: 'thread' })

describe('Pool of processes', () => {
  let notebook: Notebook
  before(async () => {
    notebook = openNotebook()
    await notebook.value("import { Pool } from 'paracell'\nconst pool = new Pool({ size: 2 })")
  })
  after(() => notebook[Symbol.asyncDispose]())

  test('a worker that is killed fails its task alone', async () => {
    const cell = `
      const hit = pool.apply(() => process.kill(process.pid, 'SIGKILL')).catch(error => error.message)
      const others = pool.map((n: number) => n + 1, [1, 2, 3], { chunksize: 1 })
      ;[await hit, await others]`
    assert.match((await notebook.value(cell)) ?? '', /ended by SIGKILL while it had a call',\s+\[ 2, 3, 4 \]/)
  })

  test('an error outside of any call ends the worker and says what it was', async () => {
    const { error } = await notebook.run("await pool.map(() => new Promise(() => setTimeout(() => { throw new Error('late') })), [1])")
    assert.match(error ?? '', /item 0: Error: late, thrown outside of the call/)
  })

  test('the variables of the initializer stay the worker\'s own', async () => {
    const cell = `
      let mark = 'none'
      await using marked = new Pool({ size: 2, initializer: (to: string) => { mark = to }, initargs: ['set'] })
      const seen = [await marked.map(() => mark, [1]), await marked.map(() => mark + mark, [1])]
      ;[mark, seen.flat()]`
    assert.equal(await notebook.value(cell), "[ 'none', [ 'set', 'setset' ] ]")
  })

  test('variables are copies', async () => {
    assert.equal(await notebook.value('let count = 0; await pool.map(() => ++count, [1, 2]); count'), '0')
  })
})

describe('Pool of threads', () => {
  let notebook: Notebook
  before(async () => {
    notebook = openNotebook()
    await notebook.value("import { Pool } from 'paracell'\nconst pool = new Pool({ size: 2, kind: 'thread' })")
  })
  after(() => notebook[Symbol.asyncDispose]())

  test("variables are the notebook's own", async () => {
    assert.equal(await notebook.value('const seen = new Map(); await pool.map((n: number) => void seen.set(n, n * n), [1, 2]); seen.get(1) + seen.get(2)'), '5')
  })

  test('items over shared memory are shared', async () => {
    const cell = 'const view = new Int32Array(new SharedArrayBuffer(4)); await pool.map((mine: Int32Array) => Atomics.add(mine, 0, 5), [view, view]); view[0]'
    assert.equal(await notebook.value(cell), '10')
  })
})
