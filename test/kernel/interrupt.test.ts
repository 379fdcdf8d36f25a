import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { streamText } from '../support/jupyter-client.ts'
import { errorOf, ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

// Each says that it runs; then it is stopped.
const endless: Readonly<Record<string, string>> = {
  'an endless loop': 'while (true) {}',
  'a loop after an await': 'await null; while (true) {}',
  'a loop that catches everything': 'while (true) { try { while (true) {} } catch {} }',
  'a loop with finally': 'try { while (true) {} } finally { var cleaned = true }',
  'Atomics.wait': 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
  'a catastrophic regular expression': '/^(a+)+$/.test("a".repeat(40) + "b")',
  'a promise that nobody resolves': 'await new Promise(() => {})',
  'a long timer': 'await new Promise(r => setTimeout(r, 1e8))',
  'a loop in a timer': 'await new Promise(() => setTimeout(() => { while (true) {} }))',
  'a loop in an immediate': 'await new Promise(() => setImmediate(() => { while (true) {} }))',
  'a loop in an interval': 'await new Promise(() => setInterval(() => { while (true) {} }))',
  'a loop in a microtask': 'await Promise.resolve().then(() => { while (true) {} })',
  'a loop in a callback of fs': 'await new Promise(() => require("fs").stat("/", () => { while (true) {} }))',
  'a loop in an event of a stream': 'await new Promise(() => require("stream").Readable.from(["x"]).on("data", () => { while (true) {} }))',
  'a loop in an async function': 'async function spin() { await null; for (;;) await null }\nawait spin()',
  'printing without end': 'for (;;) console.log("more")',
  'a child that blocks': 'require("child_process").execSync("sleep 1000")',
  'a child with inherited output': 'require("child_process").execSync("sleep 1000", { stdio: "inherit" })',
  'a child that ignores the first signal': `require("child_process").execSync("trap '' INT; sleep 1000")`,
  'a loop in a tick': 'await new Promise(() => process.nextTick(() => { while (true) {} }))',
  'ticks without end': 'const tick = () => process.nextTick(tick)\ntick()\nawait new Promise(() => {})',
  'microtasks without end': 'const task = () => queueMicrotask(task)\ntask()\nawait new Promise(() => {})',
  'immediates without end': 'const soon = () => setImmediate(soon)\nsoon()\nawait new Promise(() => {})',
  'a loop in an event': 'const target = new EventTarget(); target.addEventListener("x", () => { while (true) {} }); target.dispatchEvent(new Event("x"))',
  'a loop in a signal handler': 'await new Promise(() => { process.once("SIGUSR2", () => { while (true) {} }); process.kill(process.pid, "SIGUSR2") })',
  'a loop when a child ends': 'await new Promise(() => require("child_process").spawn("true").on("exit", () => { while (true) {} }))',
  'a loop when a socket has data': `const { createServer, connect } = require("net")
    const server = createServer(socket => socket.on("data", () => { while (true) {} })).listen(0, () => connect(server.address().port).write("x"))
    await new Promise(() => {})`,
  'awaits that catch everything': 'for (;;) { try { await new Promise(() => {}) } catch {} }',
  'a loop after a loop': 'try { while (true) {} } finally { while (true) {} }',
  'a loop where a value is shown': '({ [require("util").inspect.custom]() { while (true) {} } })',
  'a loop where a value is disposed of': 'using ending = { [Symbol.dispose]() { while (true) {} } }',
  'a thenable that loops': 'await { then() { while (true) {} } }',
  'a generator without end': 'for await (const x of (async function* () { for (;;) yield 1 })()) {}',
  'code of another context': 'require("vm").runInNewContext("for (;;);")',
  'WebAssembly': `const bytes = new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,9,1,7,0,3,64,12,0,11,11])
    new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports.f()`,
  'a request that nobody answers': `const silent = require("http").createServer(() => {}).listen(0)
    await fetch("http://127.0.0.1:" + silent.address().port)`,
  'a native worker': 'await new Promise(ended => new (require("worker_threads").Worker)("setInterval(() => {}, 1e6)", { eval: true }).on("exit", ended))',
  'a process': 'import { Process } from "paracell"\nconst child = new Process({ target: () => { while (true) {} } }); child.start(); await child.join()',
  'a thread': 'import { Thread } from "paracell"\nconst thread = new Thread({ target: () => { while (true) {} } }); thread.start(); await thread.join()',
  'a queue': 'import { Queue } from "paracell"\nawait new Queue().get()'
}

describe('interrupt stops a cell and keeps the variables', () => {
  let kernel: RunningKernel
  before(async () => {
    kernel = await startKernel()
  })
  after(() => kernel[Symbol.asyncDispose]())

  for (const [story, cell] of Object.entries(endless)) {
    test(story, async () => {
      const kept = valueOf(await ran(kernel.client, 'let kept = 1; [kept, process.pid]'))
      const started = kernel.client.waitFor(message => streamText([message], 'stdout').startsWith('runs\n'))
      const running = kernel.client.execute(`console.log("runs");\n${cell}`)
      await started
      const { reply } = await kernel.client.interrupt()
      assert.equal(reply.content['status'], 'ok')
      const execution = await running
      assert.equal(execution.reply.content['status'], 'error')
      assert.equal(errorOf(execution)?.ename, 'KeyboardInterrupt', errorOf(execution)?.traceback)
      assert.equal(valueOf(await ran(kernel.client, '[kept, process.pid]')), kept)
    })
  }

  const places: readonly [story: string, cell: string, place: RegExp][] = [
    ['in a loop', 'let n = 0\nfor (;;) {\n  n++\n}', /at cell-N\.ts:[34]:\d/],
    ['in a function', 'function spin() {\n  for (;;) {}\n}\n\nspin()', /at spin \(cell-N\.ts:3:\d+\)\n.*at cell-N\.ts:6:1/],
    ['in a timer', 'await new Promise(() => setTimeout(() => {\n  console.log("runs"); for (;;) {}\n}))', /at cell-N\.ts:3:\d+/],
    ['in Atomics.wait', '\nAtomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)', /cell-N\.ts:3:9/],
    ['in a child program', '\nrequire("child_process").execSync("sleep 1000")', /cell-N\.ts:3:26/],
    ['at an await', 'const one: number = 1\nawait null;  await new Promise(() => {})', /at cell-N\.ts:3:14/],
    ['at an await, behind what TypeScript rewrites', 'enum E {\n  A\n}\n  await new Promise(() => {})', /at cell-N\.ts:5:3/],
    ['at an await in brackets', 'const waited = [(\n  await (new Promise(() => {}))), 2]', /at cell-N\.ts:3:3/],
    ['at an async function', 'async function never() {\n  await new Promise(() => {})\n}\nawait never()', /at cell-N\.ts:5:1/],
    ['at an import', 'await import("data:text/javascript,await new Promise(() => {})")', /at cell-N\.ts:2:1/],
    ['at a loop that waits', '\nfor await (const x of (async function* () { await new Promise(() => {}) })()) {}', /at cell-N\.ts:3:1/]
  ]
  for (const [story, cell, place] of places) {
    test(`it says where the cell was: ${story}`, async () => {
      const started = kernel.client.waitFor(message => streamText([message], 'stdout').startsWith('runs\n'))
      const running = kernel.client.execute(`${cell.includes('"runs"') ? '' : 'console.log("runs")'}\n${cell}`)
      await started
      await kernel.client.interrupt()
      const execution = await running
      const { source } = place
      assert.match(errorOf(execution)?.traceback ?? '', new RegExp(source.replaceAll('cell-N', `cell-${execution.reply.content['execution_count']}`)))
    })
  }

  test('cell.signal tells the code of the cell, and no later one', async () => {
    const started = kernel.client.waitFor(message => streamText([message], 'stdout') === 'runs\n')
    const running = kernel.client.execute(`var { signal } = cell
      var told = new Promise(resolve => signal.addEventListener("abort", () => resolve([signal.reason.name, cell.signal === signal])))
      console.log("runs"); await new Promise(() => {})`)
    await started
    await kernel.client.interrupt()
    await running
    assert.equal(valueOf(await ran(kernel.client, '[...await told, cell.signal.aborted]')), "[ 'KeyboardInterrupt', true, false ]")
  })

  for (const magic of ['%%thread', '%%process']) {
    test(`${magic}: cell.signal is there as well`, async () => {
      assert.equal((await ran(kernel.client, `${magic}\nconsole.log(cell.signal.aborted)`)).stdout.trim(), 'false')
    })
  }

  test('by the signal that a terminal sends', async () => {
    const started = kernel.client.waitFor(message => streamText([message], 'stdout') === 'runs\n')
    const running = kernel.client.execute('console.log("runs");\nwhile (true) {}')
    await started
    kernel.process.kill('SIGINT')
    assert.equal((await running).reply.content['ename'], 'KeyboardInterrupt')
  })

  test('an interrupt while nothing runs changes nothing', async () => {
    await kernel.client.interrupt()
    await kernel.client.interrupt()
    assert.equal(valueOf(await ran(kernel.client, 'await new Promise(r => setTimeout(r, 30, 1))')), '1')
  })

  test('what waits behind the interrupted cell is aborted', async () => {
    const started = kernel.client.waitFor(message => streamText([message], 'stdout') === 'runs\n')
    const cells = ['console.log("runs"); while (true) {}', '1', '2'].map(cell => kernel.client.execute(cell))
    await started
    await kernel.client.interrupt()
    assert.deepEqual((await Promise.all(cells)).map(({ reply }) => reply.content['status']), ['error', 'aborted', 'aborted'])
  })
})
