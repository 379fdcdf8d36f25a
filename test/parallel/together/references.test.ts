import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openNotebook, type Notebook } from './notebook.ts'

const NOTEBOOK = `
  class Point {
    static made = 0
    constructor(public x: number) { Point.made++ }
    double() { return this.x * 2 }
  }
  class Far extends Point {}
  const point = new Point(3)
  const rows: any[] = [{ a: 1, deep: new Map([[1, { b: 2 }]]) }, point]
  const odd = { weak: new WeakMap() }
  const box = { queue: new Queue<unknown>(), lock: new RLock(), pipe: Pipe(), barrier: new Barrier(2), condition: new Condition() }
  const ends = async (worker: any) => { worker.start(); return worker.result() }
  let count = 0`

/** What threads do with objects of the notebook, beside looking at them. */
const inThreads: readonly (readonly [code: string, ...prints: string[]])[] = [
  ['return rows', '[ { a: 1, deep: Map(1) { 1 => [Object] } }, Point { x: 3 } ]'],
  ['return [rows[0], rows].map((each, i, all) => i === 0 ? each : each.length)', '[ { a: 1, deep: Map(1) { 1 => [Object] } }, 2 ]'],
  ['const q = new Queue(); await q.put(rows[1]); const other = await q.get(); other.x = 9; return [other.double(), point.x]', '[ 18, 3 ]'],
  ['return ends(new Process({ target: (all: any) => [all.length, all[0].deep.get(1).b, all[1].double()], args: [rows] }))', '[ 2, 2, 6 ]'],
  ['return ends(new Process({ target: () => point.double() + rows.length }))', '8'],
  ['return ends(new Thread({ target: (all: any) => all[0].deep.get(1).b, args: [rows] }))', '2'],
  ['return ends(new Process({ target: async (queue: any) => { await queue.put(7) }, args: [box.queue] })).then(() => box.queue.get())', '7'],
  ['await using pool = new Pool(1); return await pool.map((each: any) => Object.keys(each).join(), rows)', "[ 'a,deep', 'x' ]"],
  ['return [point.constructor === Point, point instanceof Point, rows.constructor === Array, odd.constructor === Object]', '[ true, true, true, true ]'],
  ['return [box.queue === box.queue, box.queue instanceof Queue, box.pipe[0] === box.pipe[0], box.condition instanceof Condition]', '[ true, true, true, true ]'],
  ['rows.push(new Queue(3)); const { maxsize } = rows[2]; rows.pop(); return maxsize', '3'],
  ['await box.pipe[0].send(rows[0].a); return box.pipe[1].recv()', '1'],
  ['const copy = snapshot(rows); copy[0].a = 5; const { queue } = snapshot(box); await queue.put(1); return [rows[0].a, copy[0].a, copy[1], await box.queue.get(), structuredClone(copy).length]', "[ 1, 5, { x: 3 }, 1, 2 ]"],
  ['return ends(new Process({ target: (each: any) => each, args: [odd] })).catch((error: Error) => error.message)', '"Can\'t send objects of the notebook to another process:\\n  [0].weak is a WeakMap: use a Map"'],
]

/** What comes back from workers of either kind. */
const results: readonly (readonly [code: string, ...prints: string[]])[] = [
  ['const far: any = await ends(new Kind({ target: () => new Far(2) })); console.log(far instanceof Far, far instanceof Point, far.constructor === Far, far.double())', 'true true true 4'],
  ['const before = Point.made; await ends(new Kind({ target: () => [new Point(1), new Point(2)] })); console.log(Point.made === before)', 'true'],
  ['const queue = new Queue<Point>(); await ends(new Kind({ target: async () => { await queue.put(new Point(1)) } })); console.log(await queue.get() instanceof Point)', 'true'],
  ['await using pool = new Pool({ size: 1, kind: Kind === Thread ? "thread" : "process" }); console.log((await pool.map((x: number) => new Point(x), [1, 2])).every(each => each instanceof Point))', 'true'],
  ['const Local = class Point { y = 1 }; const other: any = await ends(new Kind({ target: () => new Local() })); console.log(other instanceof Point, other)', 'false Point { y: 1 }'],
]

describe('objects of the notebook', { timeout: 60_000 }, () => {
  let notebook: Notebook
  before(async () => {
    notebook = await openNotebook()
    await notebook.run(NOTEBOOK)
  })
  after(() => notebook[Symbol.asyncDispose]())

  for (const [code, ...prints] of inThreads) {
    test(`in a thread: ${code}`, async () => {
      const lines = await notebook.run(`{ const value = await ends(new Thread({ target: async () => { ${code} } })); console.log(typeof value === 'string' ? JSON.stringify(value) : value) }`)
      assert.deepEqual(lines.join('\n'), prints.join('\n'))
    })
  }

  for (const kind of ['Thread', 'Process']) {
    for (const [code, ...prints] of results) test(`from a ${kind}: ${code}`, async () => assert.deepEqual(await notebook.run(`{ const Kind: any = ${kind}; ${code} }`), prints))
  }

  test('a lock that is reached through an object is held by the thread that acquired it', async () => {
    const lines = await notebook.run(`{
      const work = async () => { for (let i = 0; i < 10; i++) { await box.lock.acquire(); const seen = count; await sleep(1); count = seen + 1; await box.lock.release() } }
      await Promise.all([ends(new Thread({ target: work })), ends(new Thread({ target: work }))])
      console.log(count)
    }`)
    assert.deepEqual(lines, ['20'])
  })

  test('a function of Node that is given a reference to bytes fails with a word on what to do', async () => {
    await notebook.run('const bytes = Buffer.from("abc")')
    const { stderr } = await notebook.attempt('await ends(new Thread({ target: () => Buffer.concat([bytes]) }))')
    assert.match(stderr, /ERR_INVALID_ARG_TYPE[^]*give them snapshot\(value\)/)
    const other = await notebook.attempt('await ends(new Thread({ target: () => Buffer.concat([{}] as never) }))')
    assert.match(other.stderr, /ERR_INVALID_ARG_TYPE/)
    assert.doesNotMatch(other.stderr, /snapshot/)
  })
})
