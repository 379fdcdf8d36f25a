import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openNotebook, type Notebook } from './notebook.ts'

/** What somebody may write who has it from Python, or from nowhere, and what it is told. */
const refused: readonly (readonly [code: string, says: RegExp])[] = [
  ['new Queue({ maxsize: 1.5 })', /maxsize of a Queue is a whole number, not 1\.5/],
  ["new Queue('3')", /maxsize of a Queue/],
  ["new Queue({ maxsize: '3' })", /whole number, not '3'/],
  ['await new Queue().get(500)', /\{ timeout: 500 \}, not by 500/],
  ['await new Queue().get({ timeout: -5 })', /timeout is a number of milliseconds, 0 or more, not -5/],
  ['await new Queue().get({ timeout: NaN })', /not NaN/],
  ["await new Queue().put(1, { timeout: '5' })", /not '5'/],
  ['await new Queue().put(1, { signal: new AbortController() })', /signal is an AbortSignal, .*not AbortController/],
  ['await new Lock().acquire(false)', /not by false/],
  ['await new Semaphore().acquire(null)', /not by null/],
  ['await new Event().wait(10)', /not by 10/],
  ['await new Barrier(2).wait({ timeout: -1 })', /not -1/],
  ['const t = new Thread({ target: () => 1 }); t.start(); await t.join(5)', /not by 5/],
  ['new Condition(5)', /needs a Lock or an RLock, or nothing/],
  ['const c = new Condition(); await c.acquire(); await c.notify(0)', /notify\(count\) wakes 1 or more, not 0/],
  ["const c = new Condition(); await c.acquire(); await c.notify('all')", /not all/],
  ['await new Condition().waitFor(true)', /waitFor needs a function/],
  ['new Barrier(0)', /whole number of parties/],
  ["new Value('1')", /a number or a bigint.*not a string/],
  ['new Thread({ target: () => 1, args: 5 })', /args is an array of what the target is called with, as in args: \[5\]/],
  ["new Process({ target: () => 1, args: 'abc' })", /as in args: \['abc'\]/],
  ['new Process({ target: () => 1, name: 5 })', /The name of a process is a text, not 5/],
  ['new Process(() => 1)', /Process needs a target: a function, as in new Process\(\{ target: work \}\)/],
  ['new Thread({ target: () => 1 }).terminate()', /is not started: call start\(\) before terminate\(\)/],
  ['await new Thread({ target: () => 1 }).join()', /is not started: call start\(\) before join\(\)/],
  ['const t = new Thread({ target: () => 1 }); t.start(); t.start()', /a thread starts once/],
  ['new Timer(5, () => 1)', /as in new Timer\(\{ interval: 1000, function: work \}\)/],
  ['new Timer({ interval: 5, function: 7 })', /A Timer needs a function/],
  ['await sleep(-1)', /sleep needs a number of milliseconds, 0 or more, not -1/],
  ["await sleep('5')", /not '5'/],
  ['new Pool(0)', /size of a Pool is a whole number from 1 on, not 0/],
  ["new Pool('two')", /how many workers it has/],
  ['new Pool({ initializer: 5 })', /initializer of a Pool is a function/],
  ['new Pool({ initializer: () => 1, initargs: 5 })', /initargs of a Pool is an array/],
  ['await using pool = new Pool(1); await pool.map(5, [1])', /map needs a function/],
  ['await using pool = new Pool(1); await pool.map(x => x, 5)', /items of a Pool are an array.*not 5/],
  ['await using pool = new Pool(1); for await (const _ of pool.imap(x => x, undefined));', /items of a Pool are an array.*not undefined/],
  ['await using pool = new Pool(1); await pool.starmap((a, b) => a, [[1, 2], 3])', /item 1 is none\. For single values there is map/],
  ['await using pool = new Pool(1); await pool.apply(x => x, 5)', /apply takes the arguments as an array/],
  ['await using pool = new Pool(1); await pool.map(x => x, [1], { chunksize: 0 })', /chunksize of a Pool/],
  ['await using pool = new Pool(1); await pool.join()', /The pool is still open/],
  ['await trace(5)', /trace needs a function/],
]

/** What is let pass, and what comes of it. */
const accepted: readonly (readonly [code: string, ...prints: string[]])[] = [
  ['console.log(new Queue(3).maxsize, new Queue(-1).maxsize, new Queue({ maxsize: Infinity }).maxsize)', '3 0 0'],
  ['await using pool = new Pool(2); console.log(pool.size, await pool.map(x => x + 1, new Set([1, 2])))', '2 [ 2, 3 ]'],
  ['const timer = new Timer({ interval: 5, function: () => console.log("called") }); timer.cancel(); timer.start(); console.log(await timer.join(), await timer.result())', 'true undefined'],
  ['const one = new Queue(1); await one.putNowait(1); console.log(await one.putNowait(2).catch(error => error.name), await one.getNowait(), await one.getNowait().catch(error => error.name))', 'QueueFull 1 QueueEmpty'],
  ['const pool = new Pool({ size: 1, kind: "thread" }); console.log(await pool.apply(() => sleep(3_600_000), [], { timeout: 20 }).catch(error => error.name), await pool.map(n => n + 1, [1], { timeout: 50_000 })); pool.terminate()', 'TimedOut [ 2 ]'],
  ['const thread = new Thread({ target: () => thread.join() }); try { thread.start() } catch (error) { console.log(/thread \\(captured variable "thread"\\) is a Thread of paracell: make it inside/.test(error.message)) }', 'true'],
  ['let child; { await using block = new Process({ target: () => sleep(3_600_000) }); block.start(); child = block } console.log(child.isAlive(), child.exitCode); { using never = new Thread({ target: () => 1 }) }', 'false -15'],
  ['const { port1, port2 } = new MessageChannel(); const thread = new Thread({ target: port => { port.postMessage("by a port"); port.close() }, args: [port1] }); thread.start(); console.log(await new Promise(resolve => port2.once("message", resolve))); await thread.join()', 'by a port'],
  ['const program = new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])), text = new Blob(["text"]); const thread = new Thread({ target: async () => [await WebAssembly.instantiate(program), await text.text()].join() }); thread.start(); console.log(await thread.result())', '[object WebAssembly.Instance],text'],
  ['const [receiver] = Pipe(false); await receiver.send(1).catch(error => console.log(error.name))', 'ConnectionClosed'],
  ["const p = new Process({ target: () => currentThread().name, name: '' }); console.log(/^Process-\\d+$/.test(p.name))", 'true'],
  ["const t = new Thread({ target: () => currentThread().name, name: '线程' }); t.start(); console.log(await t.result())", '线程'],
  ['const queue = new Queue(1); queue.close(); queue.close(); for await (const item of queue) console.log(item); console.log(await queue.empty())', 'true'],
  ['const queue = new Queue(1); await queue.put(1); await queue.put(2, { timeout: 1 }).catch(({ name, message }) => console.log(name + ": " + message))', 'QueueFull: There was no room within 1 ms.'],
  ['const lock = new Lock(); await lock.acquire(); await lock.hold({ timeout: 1 }).catch(({ name, message }) => console.log(name + ": " + message))', 'TimedOut: It was not free within 1 ms.'],
  ...[Infinity, 2 ** 40].map(timeout => [`const event = new Event(); const waiting = event.wait({ timeout: ${timeout} }); setTimeout(() => event.set(), 5); console.log(await waiting)`, 'true'] as const),
  ["await sleep(Infinity, { signal: AbortSignal.timeout(5) }).catch(({ name }) => console.log(name))", 'TimeoutError'],
  ['const event = new Event(); console.log(await event.wait({ timeout: 0 })); await event.wait({ signal: AbortSignal.abort() }).catch(({ name }) => console.log(name))', 'false', 'AbortError'],
  ['const t = new Thread({ target: () => 1 }); t.start(); await t.join(); t.kill(); t.terminate(); console.log(await t.join({ timeout: 0 }), t.exitCode, await t.result(), await t.result())', 'true 0 1 1'],
  ['let pool; { await using inBlock = pool = new Pool(1) } await pool.apply(() => 1).catch(({ message }) => console.log(message))', 'The pool was declared with "using", and ended with its block or its cell: declare it with const, or make a new one.'],
  ['const pool = new Pool(1); pool.close(); pool.close(); pool.terminate(); console.log(await pool.join(), await pool.join()); await pool.apply(() => 1).catch(({ message }) => console.log(message))', 'true true', 'The pool is closed: make a new one.'],
]

describe('what is misunderstood', { timeout: 60_000 }, () => {
  let notebook: Notebook
  before(async () => {
    notebook = await openNotebook()
  })
  after(() => notebook[Symbol.asyncDispose]())

  for (const [code, says] of refused) {
    test(`${code} is refused`, async () => {
      const { error } = await notebook.attempt(`{ ${code} }`)
      assert.equal(error?.ename, 'UsageError', error?.traceback.join('\n'))
      assert.match(error.evalue, says)
    })
  }

  for (const [code, ...prints] of accepted) test(code, async () => assert.deepEqual(await notebook.run(`{ ${code} }`), prints))
})
