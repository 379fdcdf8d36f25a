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
