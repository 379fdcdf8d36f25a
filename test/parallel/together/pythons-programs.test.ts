import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openNotebook, type Notebook } from './notebook.ts'

interface Example {
  /** Which one of the documentation of Python's multiprocessing, threading and queue. */
  readonly name: string
  /** In it, Kind is the kind of worker, and kind a Pool's name of it. */
  readonly code: string
  readonly prints: readonly string[]
}

/** What those programs do, in TypeScript: they print what Python's print. */
const examples: readonly Example[] = [
  {
    name: 'a pool that squares three numbers',
    code: 'const f = (x: number) => x * x; await using p = new Pool({ size: 5, kind }); console.log(await p.map(f, [1, 2, 3]))',
    prints: ['[ 1, 4, 9 ]'],
  },
  {
    name: 'a worker that greets bob',
    code: "const f = (name: string) => console.log('hello', name); const p = new Kind({ target: f, args: ['bob'] }); p.start(); await p.join()",
    prints: ['hello bob'],
  },
  {
    name: 'who is whose parent',
    code: `
      const p = new Process({ target: () => [process.ppid > 0, process.pid] })
      p.start()
      const [hasParent, pid] = await p.result()
      console.log(hasParent, pid === p.pid, pid !== process.pid)`,
    prints: ['true true true'],
  },
  {
    name: 'a list through a queue',
    code: "const q = new Queue(); const p = new Kind({ target: async (q: any) => { await q.put([42, null, 'hello']) }, args: [q] }); p.start(); console.log(await q.get()); await p.join()",
    prints: ["[ 42, null, 'hello' ]"],
  },
  {
    name: 'a list through a pipe, whose end is closed then',
    code: `
      const [parent, child] = Pipe()
      const f = async (connection: any) => { await connection.send([42, null, 'hello']); connection.close() }
      const p = new Kind({ target: f, args: [child] })
      p.start()
      console.log(await parent.recv())
      await p.join()
      child.close()
      await parent.recv().catch((error: Error) => console.log(error.name))`,
    prints: ["[ 42, null, 'hello' ]", 'ConnectionClosed'],
  },
  {
    name: 'ten that print, one at a time',
    code: `
      const [lock, order] = [new Lock(), new Queue()]
      const f = async (lock: any, i: number) => { await lock.acquire(); try { await order.put('hello world ' + i) } finally { await lock.release() } }
      const all = Array.from({ length: 10 }, (_, i) => new Kind({ target: f, args: [lock, i] }))
      for (const each of all) each.start()
      for (const each of all) await each.join()
      order.close()
      console.log((await Array.fromAsync(order)).sort().join())`,
    prints: [Array.from({ length: 10 }, (_, i) => `hello world ${i}`).join()],
  },
  {
    name: 'a number in common, and an array of which a process has a copy',
    code: `
      const num = new Value(0)
      const arr = new Int32Array(new SharedArrayBuffer(40)).map((_, i) => i)
      const shared = new Int32Array(new SharedArrayBuffer(40))
      shared.set(arr)
      const f = async (n: any, a: Int32Array) => { await n.set(3.1415927); for (const i of a.keys()) a[i] = -a[i]! }
      const p = new Kind({ target: f, args: [num, shared] })
      p.start()
      await p.join()
      console.log(await num.get(), shared[9] === (Kind === Thread ? -9 : 9))`,
    prints: ['3.1415927 true'],
  },
  {
    name: 'what a pool of four can do',
    code: `
      const f = (x: number) => x * x
      await using pool = new Pool({ size: 4, kind })
      console.log((await pool.map(f, Array(10).keys())).join())
      const some: number[] = []
      for await (const i of pool.imapUnordered(f, Array(10).keys())) some.push(i)
      console.log(some.sort((a, b) => a - b).join())
      console.log(await pool.apply(f, [20]))
      console.log((await pool.apply(() => process.pid) === process.pid) === (Kind === Thread))
      const several = await Promise.all([1, 2, 3, 4].map(() => pool.apply(() => 'pid')))
      console.log(several.length)
      await pool.apply(() => sleep(3_600_000), [], { signal: AbortSignal.timeout(20) }).catch(error => console.log(error.name))
      console.log('still there:', await pool.apply(f, [2]))`,
    prints: ['0,1,4,9,16,25,36,49,64,81', '0,1,4,9,16,25,36,49,64,81', '400', 'true', '4', 'TimeoutError', 'still there: 4'],
  },
  {
    name: 'a pool and its errors, in map, imap and apply',
    code: `
      const f = (x: number) => { if (x === 5) throw new RangeError('division by zero'); return 1 / (x - 5) }
      await using pool = new Pool({ size: 2, kind })
      const told = (error: any) => console.log(error.remoteName, error.index)
      await pool.apply(f, [5]).catch(told)
      await pool.map(f, Array(10).keys(), { chunksize: 1 }).catch(told)
      const iterated: number[] = []
      try { for await (const x of pool.imap(f, Array(10).keys())) iterated.push(x) } catch (error) { told(error) }
      console.log(iterated.length)`,
    prints: ['RangeError undefined', 'RangeError 5', 'RangeError 5', '5'],
  },
  {
    name: 'workers that are fed by a queue until they are told to stop',
    code: `
      const mul = (a: number, b: number) => a * b
      const plus = (a: number, b: number) => a + b
      const calculate = (name: string, args: [number, number]) => name + '(' + args.join(', ') + ') = ' + (name === 'mul' ? mul : plus)(...args)
      const worker = async (input: any, output: any) => {
        for (let task = await input.get(); task !== 'STOP'; task = await input.get()) await output.put(calculate(task[0], task[1]))
      }
      const [tasks, done] = [new Queue(), new Queue()]
      for (let i = 0; i < 20; i++) await tasks.put(['mul', [i, 7]])
      const workers = Array.from({ length: 4 }, () => new Kind({ target: worker, args: [tasks, done] }))
      for (const each of workers) each.start()
      const results: string[] = []
      for (let i = 0; i < 20; i++) results.push(await done.get())
      for (let i = 0; i < 10; i++) await tasks.put(['plus', [i, 8]])
      for (let i = 0; i < 10; i++) results.push(await done.get())
      for (const _ of workers) await tasks.put('STOP')
      for (const each of workers) await each.join()
      console.log(results.length, new Set(results).size, results.includes('mul(19, 7) = 133'), results.includes('plus(9, 8) = 17'))`,
    prints: ['30 30 true true'],
  },
  {
    name: 'the life of a process that is terminated',
    code: `
      const p = new Kind({ target: () => sleep(3_600_000) })
      console.log(p.isAlive())
      await p.start()
      console.log(p.isAlive())
      p.terminate()
      await p.join()
      console.log(p.isAlive(), p.exitCode)`,
    prints: ['false', 'true', 'false -15'],
  },
  {
    name: 'a join before the queue is read, which waits for ever in Python',
    code: "const q = new Queue(); const p = new Kind({ target: async (q: any) => { await q.put('X'.repeat(1_000_000)) }, args: [q] }); p.start(); await p.join(); console.log((await q.get()).length)",
    prints: ['1000000'],
  },
  {
    name: 'links that are fetched side by side',
    code: `
      const crawl = async (link: string, delay: number) => { await sleep(delay); return link }
      const workers = ['a', 'b', 'c'].map((link, i) => new Kind({ target: crawl, args: [link, 3 - i] }))
      for (const each of workers) each.start()
      console.log((await Promise.all(workers.map(each => each.result()))).join())`,
    prints: ['a,b,c'],
  },
  {
    name: 'daemons that do what is in a queue, until all of it is done',
    code: `
      const [q, log] = [new Queue(), new Value(0)]
      const worker = async () => { for (;;) { await q.get(); await log.add(1); await q.taskDone() } }
      const daemon = new Kind({ target: worker, daemon: true })
      daemon.start()
      for (let item = 0; item < 30; item++) await q.put(item)
      await q.join()
      console.log('All work completed', await log.get())
      daemon.kill()
      await daemon.join()`,
    prints: ['All work completed 30'],
  },
  {
    name: 'a producer and a consumer with a condition',
    code: `
      const [cv, items, got] = [new Condition(), new Value(0), new Queue()]
      const consume = async () => { await using held = await cv.hold(); while ((await items.get()) === 0) await cv.wait(); await got.put(await items.add(-1)) }
      const consumeFor = async () => { await using held = await cv.hold(); await cv.waitFor(async () => (await items.get()) > 0); await got.put(await items.add(-1)) }
      const consumers = [consume, consumeFor].map(target => new Kind({ target }))
      for (const each of consumers) each.start()
      for (const _ of consumers) { await using held = await cv.hold(); await items.add(1); await cv.notify() }
      for (const each of consumers) await each.join()
      console.log(await got.qsize(), await items.get())`,
    prints: ['2 0'],
  },
  {
    name: 'as many connections as there may be',
    code: `
      const [pool, open, most] = [new BoundedSemaphore(3), new Value(0), new Queue()]
      const connect = async () => { await using held = await pool.hold(); await most.put(await open.add(1)); await open.add(-1) }
      const workers = Array.from({ length: 9 }, () => new Kind({ target: connect }))
      for (const each of workers) each.start()
      for (const each of workers) await each.join()
      most.close()
      const all = await Array.fromAsync(most)
      console.log(all.length, Math.max(...all) <= 3)`,
    prints: ['9 true'],
  },
  {
    name: 'a timer',
    code: "const t = new Timer({ interval: 10, function: () => console.log('hello, world') }); t.start(); await t.join()",
    prints: ['hello, world'],
  },
  {
    name: 'a server and a client that begin together',
    code: `
      const b = new Barrier(2, { timeout: 30_000 })
      const [server, client] = [() => b.wait(), () => b.wait()].map(target => new Kind({ target }))
      server.start()
      client.start()
      console.log((await server.result()) + (await client.result()), await b.broken())`,
    prints: ['1 false'],
  },
  {
    name: 'start methods',
    code: `
      const before = getStartMethod()
      setStartMethod('spawn')
      const q = new Queue()
      const p = new Process({ target: async (q: any) => { await q.put('hello') }, args: [q] })
      p.start()
      setStartMethod(before)
      console.log(await q.get(), await p.join())`,
    prints: ['hello true'],
  },
]

for (const kind of ['Thread', 'Process']) {
  describe(`Python's programs, with a ${kind}`, { timeout: 60_000 }, () => {
    let notebook: Notebook
    before(async () => {
      notebook = await openNotebook()
      await notebook.run(`const Kind: any = ${kind}; const kind: any = '${kind.toLowerCase()}'`)
    })
    after(() => notebook[Symbol.asyncDispose]())

    for (const { name, code, prints } of examples) test(name, async () => assert.deepEqual(await notebook.run(`{\n${code}\n}`), prints))
  })
}
