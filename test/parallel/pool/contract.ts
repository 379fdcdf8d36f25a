import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Notebook, openNotebook } from './notebook.ts'

interface Contract {
  readonly kind: 'process' | 'thread'
  readonly open?: () => Promise<Notebook>
  readonly setup?: string
  readonly options?: { readonly skip?: string | false }
}

/** Cells with a pool of two workers, `pool`, and their values. */
const values: Readonly<Record<string, readonly [cell: string, value: string]>> = {
  'map keeps the order': ['await pool.map(square, [1, 2, 3, 4, 5])', '[ 1, 4, 9, 16, 25 ]'],
  'map of nothing': ['await pool.map(square, [])', '[]'],
  'map takes what can be iterated': ['await pool.map(square, new Set([1, 2]).values())', '[ 1, 4 ]'],
  'map takes what can be iterated by awaiting': ['await pool.map(square, (async function* () { yield 1; yield 2 })())', '[ 1, 4 ]'],
  'map of a function that returns promises': ['await pool.map(async n => { await sleep(1); return n }, [1, 2])', '[ 1, 2 ]'],
  'map gives one argument only': ["await pool.map(parseInt, ['10', '10', '10'])", '[ 10, 10, 10 ]'],
  'results that are arrays stay so': ['await pool.map(n => [n, [n]], [1, 2])', '[ [ 1, [ 1 ] ], [ 2, [ 2 ] ] ]'],
  'results that are undefined': ['await pool.map(() => undefined, [1, 2])', '[ undefined, undefined ]'],
  'rich items and results': ['await pool.map(m => new Set(m.keys()), [new Map([[1, 2]]), new Map([[3, 4]])])', '[ Set(1) { 1 }, Set(1) { 3 } ]'],
  'items of a class of the notebook': [
    `class Point { x: number; constructor(x: number) { this.x = x } get double() { return this.x * 2 } }
     const doubled = await pool.map((point: Point) => (point instanceof Point ? new Point(point.double) : point), [new Point(1), new Point(2)])
     doubled.map(point => [point instanceof Point, point.x])`,
    '[ [ true, 2 ], [ true, 4 ] ]'
  ],
  'items of a class of which another one is derived': [
    `class Shape { area() { return 0 } }
     class Square extends Shape { side = 3; override area() { return this.side ** 2 } }
     await pool.map((shape: Shape) => [shape instanceof Shape, shape instanceof Square, shape.area()], [new Shape(), new Square()])`,
    '[ [ true, false, 0 ], [ true, true, 9 ] ]'
  ],
  'functions as items': ['await pool.map(f => f(3), [square, n => -n])', '[ 9, -3 ]'],
  'any chunk size': ['const seven = [1, 2, 3, 4, 5, 6, 7]; (await Promise.all([1, 2, 3, 7, 100].map(chunksize => pool.map(square, seven, { chunksize })))).map(String).every(text => text === seven.map(square).join())', 'true'],
  'starmap spreads its items': ['await pool.starmap(Math.max, [[1, 2], [4, 3]])', '[ 2, 4 ]'],
  'apply calls once': ['await pool.apply(Math.pow, [2, 10])', '1024'],
  'apply without arguments': ['await pool.apply(() => 1)', '1'],
  'imap keeps the order, also of what is ready late': [
    `const [late, order] = [new Flag(), [] as number[]]
     for await (const n of pool.imap(async n => { if (n === 0) await late.wait(); else late.set(); return n }, [0, 1], { chunksize: 1 })) order.push(n)
     order`,
    '[ 0, 1 ]'
  ],
  'imapUnordered gives what is ready first': [
    `const [late, order] = [new Flag(), [] as number[]]
     for await (const n of pool.imapUnordered(async n => { if (n === 0) await late.wait(); return n }, [0, 1], { chunksize: 1 })) { order.push(n); late.set() }
     order`,
    '[ 1, 0 ]'
  ],
  'imap with chunks': ['await Array.fromAsync(pool.imap(square, [3, 2, 1], { chunksize: 2 }))', '[ 9, 4, 1 ]'],
  'imapUnordered gives all': ['(await Array.fromAsync(pool.imapUnordered(square, [3, 2, 1]))).toSorted()', '[ 1, 4, 9 ]'],
  'imap takes only a few ahead': [
    `let taken = 0
     const endless = (function* () { for (;;) yield taken++ })()
     const first: number[] = []
     for await (const n of pool.imap(square, endless)) if (first.push(n) === 5) break
     ;[first, taken < 20]`,
    '[ [ 0, 1, 4, 9, 16 ], true ]'
  ],
  'many uses at once': ['(await Promise.all([1, 2, 3].map(by => pool.map(n => n * by, [1, 2])))).join()', "'1,2,2,4,3,6'"],
  'many uses at once, of many items each': [
    `const numbers = Array.from({ length: 40 }, (_, i) => i)
     const all = await Promise.all([1, 2, 3].map(by => pool.map(async n => { if (n % 7 === 0) await sleep(1); return n * by }, numbers, { chunksize: 1 })))
     all.every((values, use) => values.every((value, i) => value === i * (use + 1)))`,
    'true'
  ],
  'as many workers as there are, and always the same': [
    `const ids = async () => (await pool.map(async () => { await sleep(5); return whoAmI() }, Array(20).fill(0))).toSorted()
     const [early, late] = [new Set(await ids()), new Set(await ids())]
     ;[early.size, late.isSubsetOf(early)]`,
    '[ 2, true ]'
  ],
  'a worker that is busy for long keeps nothing from the others': [
    `const said = new Queue<number>()
     const all = await pool.map(async n => { if (n > 0) await said.put(n); else for (let i = 1; i < 20; i++) await said.get(); return n }, Array.from({ length: 20 }, (_, i) => i), { chunksize: 1 })
     all.every((n, i) => n === i)`,
    'true'
  ],
  'a pool of its own in the function': ['await pool.apply(async () => { await using inner = new Pool({ size: 1 }); return await inner.map(square, [1, 2]) })', '[ 1, 4 ]'],
  'a pool that is used in a block ends with it': [
    `let kept, before; { using brief = new Pool({ size: 1, kind }); before = await brief.map(square, [3]); kept = brief }
     ;[before, await kept.join({ timeout: 5000 })]`,
    '[ [ 9 ], true ]'
  ],
  'the cells after the first change what the function sees': [
    'let factor = 2; const before = await pool.map(n => n * factor, [1]); factor = 3; [before, await pool.map(n => n * factor, [1])]',
    '[ [ 2 ], [ 3 ] ]'
  ],
  'workers are replaced after so many tasks': [
    `await using brief = new Pool({ size: 1, kind, maxTasksPerChild: 2 })
     const names = await brief.map(() => (kind === 'thread' ? currentThread() : currentProcess()).name, [1, 2, 3, 4, 5], { chunksize: 1 })
     names.join(' ')`,
    "'PoolWorker-1 PoolWorker-1 PoolWorker-2 PoolWorker-2 PoolWorker-3'"
  ],
  'a call that waits is stopped by a signal, and the pool goes on': [
    `const stop = new AbortController()
     const outcome = pool.map(async () => { await sleep(1e6) }, [1, 2, 3], { signal: stop.signal }).catch(error => error.message)
     stop.abort(new Error('enough'))
     ;[await outcome, await pool.map(square, [3])]`,
    "[ 'enough', [ 9 ] ]"
  ],
  'a signal that was aborted before': ["await pool.map(square, [1], { signal: AbortSignal.abort(new Error('no')) }).catch(error => error.message)", "'no'"],
  'close waits for what was asked': [
    `const closing = new Pool({ size: 1, kind })
     const asked = closing.map(square, [1, 2, 3], { chunksize: 1 })
     closing.close()
     const joined = await closing.join()
     ;[joined, await asked, await closing.map(square, [1]).catch(error => error.message)]`,
    "[ true, [ 1, 4, 9 ], 'The pool is closed: make a new one.' ]"
  ],
  'terminate fails what was asked': [
    `const ending = new Pool({ size: 1, kind })
     const lost = ending.map(() => sleep(1e6), [1, 2]).catch(error => error.message)
     ending.terminate()
     await ending.join()
     await lost`,
    "'PoolTerminated: the pool was terminated'"
  ]
}

/** What goes wrong, how it is told, and the pool answers all the same. */
const failures: Readonly<Record<string, readonly [cell: string, error: RegExp]>> = {
  'a call that throws': [
    "await pool.map((n: number) => { if (n === 7) throw new RangeError('boom'); return n }, Array.from({ length: 20 }, (_, i) => i))",
    /RangeError: boom\n {4}at cell-\d+\.ts:1:52\n {4}at PoolWorker-\d+(@\w+)?, item 7/
  ],
  'a call that rejects': ["await pool.starmap(async () => { throw new TypeError('no') }, [[]])", /TypeError: no\n(.*\n)+ {4}at PoolWorker-\d+(@\w+)?, item 0/],
  'a call that throws anything': ['await pool.map(() => { throw 5 }, [1])', /item 0: Uncaught 5/],
  'a later item of imap': ["for await (const n of pool.imap((n: number) => { if (n === 2) throw new Error('two'); return n }, [1, 2, 3])) console.log(n)", /Error: two\n(.*\n)+ {4}at PoolWorker-\d+(@\w+)?, item 1/],
  'apply': ["await pool.apply(() => { throw new Error('once') })", /Error: once\n(.*\n)+ {4}at PoolWorker-\d+(@\w+)?\n/],
  'a worker that exits': ['await pool.map((n: number) => (n === 3 ? process.exit(3) : n), [1, 2, 3, 4])', /it ended with exit code 3 while it had item 2/],
  'items that cannot travel': ["await pool.map(n => n, [require('net').createServer()])", /items of a Pool/],
  'results that cannot travel': ["await pool.map(() => require('net').createServer(), [1])", /results of a Pool/],
  'an iterable that throws': ["await pool.map(square, (function* () { yield 1; throw new Error('source') })())", /Error: source/],
  'no function': ["await pool.map('square', [1])", /map needs a function/],
  'a size that is none': ['new Pool({ size: 0, kind })', /size of a Pool is a whole number from 1 on, not 0/],
  'a kind that is none': ["new Pool({ kind: 'fibre' })", /of kind 'process' or 'thread', not fibre/],
  'join of an open pool': ['await pool.join()', /call close\(\) or terminate\(\) before join\(\)/],
  'an initializer that throws': ["await using bad = new Pool({ size: 1, kind, initializer: () => { throw new Error('bad start') } })\nawait bad.map(square, [1])", /Error: bad start\n(.*\n)+ {4}at PoolWorker-\d+(@\w+)?$/]
}

/** What a Pool does, of whatever kind. `setup` is a cell that comes first, and may make another `Pool` of the one that is imported as `PlainPool`. */
export function poolContract(title: string, { kind, open = async () => openNotebook(), setup = 'const Pool = PlainPool', options = {} }: Contract): void {
  describe(title, options, () => {
    let notebook: Notebook
    before(async () => {
      notebook = await open()
      await notebook.value(`
        import { currentProcess, currentThread, Event as Flag, Pool as PlainPool, Queue, sleep } from 'paracell'
        ${setup}
        const kind = '${kind}'
        const square = (n: number) => n ** 2
        const whoAmI = () => (kind === 'thread' ? currentThread().name : process.pid)
        const pool = new Pool({ size: 2, kind })
      `)
    })
    after(() => notebook[Symbol.asyncDispose]())

    for (const [story, [cell, value]] of Object.entries(values)) {
      test(story, async () => assert.equal(await notebook.value(cell), value))
    }

    for (const [story, [cell, error]] of Object.entries(failures)) {
      test(`${story} is told, and the pool goes on`, async () => {
        assert.match((await notebook.run(cell)).error ?? '', error)
        assert.equal(await notebook.value('await pool.map(square, [1, 2, 3])'), '[ 1, 4, 9 ]')
      })
    }

    test('what it prints belongs to the cell that asked', async () => {
      const { stdout } = await notebook.run("await pool.map(n => console.log('item', n), [1, 2, 3])")
      assert.deepEqual(stdout.trim().split('\n').toSorted(), ['item 1', 'item 2', 'item 3'])
    })

    test('what it prints is out before the cell ends', async () => {
      for (let round = 0; round < 10; round++) {
        const { stdout } = await notebook.run("await pool.map(n => console.log('item', n), Array.from({ length: 100 }, (_, i) => i), { chunksize: 7 })")
        assert.equal(stdout.split('\n').length, 101)
      }
    })

    test('what it prints comes before the result of an imap', async () => {
      const flood = "n => { for (let i = 0; i < 1000; i++) console.log(n, 'x'.repeat(999)); console.log('item', n); return n }"
      const { stdout } = await notebook.run(`for await (const n of pool.imap(${flood}, Array(10).keys())) console.log('got', n)`)
      for (let n = 0; n < 10; n++) assert.ok(stdout.indexOf(`item ${n}\n`) < stdout.indexOf(`got ${n}\n`), `item ${n} is late`)
    })

    test('however much that is, and before its results', async () => {
      const flood = "n => { const line = 'x'.repeat(999); for (let i = 0; i < 5000; i++) console.log(line); return n }"
      const { stdout } = await notebook.run(`for await (const n of pool.imap(${flood}, [1, 2])) console.log('result', n); console.log('results', await pool.map(${flood}, [1, 2]))`)
      const lines = stdout.split('\n')
      assert.equal(lines.length, 4 * 5000 + 3 + 1)
      assert.equal(lines.at(-2), 'results [ 1, 2 ]')
    })

    test('an interrupt stops the workers, and the pool goes on', async () => {
      const running = notebook.run("await pool.map(() => { console.log('spinning'); while (true) {} }, [1, 2])")
      await notebook.printed('spinning')
      await notebook.interrupt()
      assert.match((await running).error ?? '', /KeyboardInterrupt/)
      assert.equal(await notebook.value('await pool.map(square, [1, 2, 3])'), '[ 1, 4, 9 ]')
    })

    test('an interrupt stops a pool that the same cell has made', async () => {
      const running = notebook.run("const young = new Pool({ size: 2, kind })\nawait young.map(() => { console.log('whirling'); while (true) {} }, [1, 2])")
      await notebook.printed('whirling')
      await notebook.interrupt()
      assert.match((await running).error ?? '', /KeyboardInterrupt/)
      assert.equal(await notebook.value('const again = await young.map(square, [1, 2, 3]); young.terminate(); again'), '[ 1, 4, 9 ]')
    })
  })
}
