import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openNotebook, type Notebook } from './notebook.ts'

const NOTEBOOK = `
  class Point { constructor(public x: number) {} double() { return this.x * 2 } }
  const list = [1, 2, 3]
  const rows = [{ a: 1 }, new Point(3)]
  const memory = new Int32Array(new SharedArrayBuffer(8))
  let counter = 0
  const run = async (kind: string, target: any, ...args: any[]): Promise<any> => {
    if (kind === 'Thread' || kind === 'Process') {
      const worker = new (kind === 'Thread' ? Thread : Process)({ target, args })
      worker.start()
      return worker.result()
    }
    await using pool = poolOf(kind)
    return await pool.apply(target, args)
  }
  const poolOf = (kind: string) => new Pool({ size: 1, kind: kind === 'ThreadPool' ? 'thread' : 'process' })
  const runAll = async (kind: string, steps: any): Promise<string[]> => {
    await using pool = kind.endsWith('Pool') ? poolOf(kind) : null
    const inner = (target: any, ...args: any[]) => (pool ? pool.apply(target, args) : run(kind, target, ...args))
    const said: string[] = []
    for (const [name, step] of steps) said.push(name + ': ' + JSON.stringify(await step(inner)))
    return said
  }`

const kinds = ['Thread', 'Process', 'ThreadPool', 'ProcessPool']

/** What goes on between a worker and those that it starts, of which `inner` is one. */
const ways: readonly (readonly [name: string, code: string, prints: string])[] = [
  ['a result that is of the notebook', 'return inner(() => list)', '[1,2,3]'],
  ['one with instances', 'const [row, point] = await inner(() => rows); return [row.a, point.double(), point instanceof Point]', '[1,6,true]'],
  ['an argument that is of the notebook', 'return inner((some: number[], point: Point) => [some.length, point.double()], list, rows[1])', '[3,6]'],
  ['a captured variable', 'const mine = { deep: [list, 4] }; return inner(() => mine)', '{"deep":[[1,2,3],4]}'],
  ['through a Queue', 'const queue = new Queue<any>(); await inner(async () => { await queue.put(rows); await queue.put(list) }); return [(await queue.get())[1].double(), await queue.get()]', '[6,[1,2,3]]'],
  ['through a Pipe', 'const [here, there] = Pipe(); await here.send(list); return [await inner(async () => { const got: any = await there.recv(); await there.send(rows[0]); return got }), await here.recv()]', '[[1,2,3],{"a":1}]'],
  ['a Value and a Lock', 'const [value, lock] = [new Value(1), new Lock()]; await inner(() => lock.with(() => value.add(2))); return value.get()', '3'],
  ['an error', "return inner(() => { throw new RangeError('far') }).catch(error => [error instanceof RangeError, error.message])", '[true,"far"]'],
  ['a large buffer', 'const large = new Float64Array(100_000).fill(2); return inner((given: Float64Array) => given[9] + large[99_999] + given.length, large)', '100004'],
]

/** What the outer worker sees of what the inner one did to `counter`, `list` and `memory`, and what the notebook does. */
const lives: readonly (readonly [outer: string, inner: string, shares: string, seen: string, notebook: string])[] = [
  ['Thread', 'Thread', "the notebook's", '2 5 1', '2 5 1'],
  ['Thread', 'ThreadPool', "the notebook's", '2 5 1', '2 5 1'],
  ['ThreadPool', 'Thread', "the notebook's", '2 5 1', '2 5 1'],
  ['Thread', 'Process', 'copies of its', '1 4 0', '1 4 0'],
  ['Process', 'Process', 'copies of its', '1 4 0', '0 3 0'],
  ['Process', 'ProcessPool', 'copies of its', '1 4 0', '0 3 0'],
  ['Process', 'Thread', 'its own', '2 5 1', '0 3 0'],
  ['Process', 'ThreadPool', 'its own', '2 5 1', '0 3 0'],
  ['ProcessPool', 'Thread', 'its own', '2 5 1', '0 3 0'],
]

describe('workers that workers start', { timeout: 240_000 }, () => {
  let notebook: Notebook
  before(async () => {
    notebook = await openNotebook()
    await notebook.run(NOTEBOOK)
  })
  after(() => notebook[Symbol.asyncDispose]())

  for (const outer of kinds) {
    for (const inner of kinds) {
      test(`what goes between a ${outer} and a ${inner} in it`, async () => {
        const steps = ways.map(([name, code]) => `['${name}', async (inner: any) => { ${code} }]`)
        const lines = await notebook.run(`{
          const steps = [${steps.join()}]
          for (const line of await run('${outer}', () => runAll('${inner}', steps))) console.log(line)
        }`)
        assert.deepEqual(lines, ways.map(([name, , prints]) => `${name}: ${prints}`))
      })
    }
  }

  for (const [outer, inner, shares, ...seen] of lives) {
    test(`a ${inner} that a ${outer} starts has ${shares} variables`, async () => {
      const lines = await notebook.run(`{
        counter = 0
        list.length = 3
        memory.fill(0)
        console.log(await run('${outer}', async () => {
          counter = 1
          list.push(4)
          await run('${inner}', () => { counter++; list.push(5); Atomics.add(memory, 0, 1) })
          return [counter, list.length, memory[0]].join(' ')
        }))
        console.log(counter, list.length, memory[0])
      }`)
      assert.deepEqual(lines, seen)
    })
  }

  test('a thread lives in the process that started it, and so do those that it starts', async () => {
    const lines = await notebook.run(`
      const identity = () => [process.pid, currentProcess().name]
      console.log(new Set((await run('Process', async () => [identity(), await run('Thread', async () => [identity(), await run('Thread', () => identity())])])).flat(3)).size)
      console.log((await run('Process', () => run('Thread', () => process.pid))) === process.pid)`)
    assert.deepEqual(lines, ['2', 'false'])
  })

  test('what they print comes before what they return', async () => {
    const lines = await notebook.run(`
      await run('Process', async () => { console.log('process'); console.log(await run('Thread', async () => { console.log('thread'); return await run('Thread', () => { console.log('inner'); return 'returned' }) })) })
      console.log('over')`)
    assert.deepEqual(lines, ['process', 'thread', 'inner', 'returned', 'over'])
  })

  test('threads of a process end with it, however that goes', async () => {
    const { stdout, stderr } = await notebook.attempt(`{
      const [begun, lock] = [new Event(), new Lock()]
      const parent = new Process({ target: () => run('Thread', async () => { await lock.acquire(); await begun.set(); await sleep(3_600_000) }) })
      parent.start()
      await begun.wait()
      parent.kill()
      await lock.acquire()
      console.log(await parent.join(), parent.exitCode)
      const one = new Process({ target: () => { new Thread({ daemon: true, target: () => sleep(3_600_000) }).start(); return 'not waited for' } })
      one.start()
      console.log(await one.result(), one.exitCode)
    }`)
    assert.deepEqual(stdout.split('\n').slice(0, -1), ['true -9', 'not waited for 0'])
    assert.match(stderr, /^Thread-\d+ ended while it held a Lock, which is released now.\n$/)
  })

  test('a thread of a process is ended like any other', async () => {
    const { stdout, stderr } = await notebook.attempt(`
      console.log(await run('Process', async () => {
        const thread = new Thread({ name: 'long', target: () => { for (;;); } })
        await thread.start()
        thread.terminate()
        const greedy = new Thread({ name: 'greedy', maxMemory: 40, target: async () => { const all = []; for (;;) { all.push(Buffer.alloc(1e7, 1)); await sleep(1) } } })
        greedy.start()
        return [await thread.join(), thread.exitCode, await greedy.result().catch(error => error.remoteName)]
      }))`)
    assert.equal(stdout, "[ true, -15, 'OutOfMemory' ]\n")
    assert.match(stderr, /^greedy: it used \d+ MB of memory/)
  })
})
