import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { parentOf, streamText } from '../support/jupyter-client.ts'
import { endless } from './endless-cells.ts'
import { errorOf, ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

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
    ['at an import', 'await import("data:text/javascript,await new Promise(() => {})")', /at cell-N\.ts:2:\d/],
    ['at a loop that waits', '\nfor await (const x of (async function* () { await new Promise(() => {}) })()) {}', /at cell-N\.ts:3:1/]
  ]
  for (const [story, cell, place] of places) {
    test(`it says where the cell was: ${story}`, async () => {
      const interrupted = async () => {
        const started = kernel.client.waitFor(message => streamText([message], 'stdout').startsWith('runs\n'))
        const running = kernel.client.execute(`${cell.includes('"runs"') ? '' : 'console.log("runs")'}\n${cell}`)
        await started
        await kernel.client.interrupt()
        return await running
      }
      let execution = await interrupted()
      // It came when the cell still printed.
      while (/cell-\d+\.ts:1:9/.test(errorOf(execution)?.traceback ?? '')) execution = await interrupted()
      const { source } = place
      assert.match(errorOf(execution)?.traceback ?? '', new RegExp(source.replaceAll('cell-N', `cell-${execution.reply.content['execution_count']}`)))
    })
  }

  const inWorkers: readonly [story: string, cell: string, place: RegExp][] = [
    ['in a loop', '-n 1\nenum E {\n  A\n}\nfunction spin(): never {\n  console.log("runs"); for (;;) {}\n}\nconst never: number = 0\n  spin()', /^\s+at cell-N\.ts:9:3$/m],
    ['at an await', '\nimport { sep } from "node:path"\nlet s: string = sep;  await (console.log("runs"), new Promise(() => setTimeout(() => {}, 1e6)))\ns', /^\s+at cell-N\.ts:3:23$/m],
    ['in Atomics.wait', '\nconst words: Int32Array = new Int32Array(new SharedArrayBuffer(4))\nAtomics.wait((console.log("runs"), words), 0, 0)', /^\s+at cell-N\.ts:3:1$/m],
    ['in a child program', '\nimport { execSync } from "node:child_process"\nexport const out = (console.log("runs"), execSync("sleep 1000"))', /^\s+at cell-N\.ts:3:\d+$/m],
    ['in an instance of a class', '\nclass Endless {\n  static { console.log("runs"); for (;;) {} }\n}', /^\s+at cell-N\.ts:2:1$/m],
    ['in two', '-n 2 --no-label\nconsole.log("runs")\nconst r: number = rank\nif (rank === 0) for (;;) {}\nelse await new Promise(() => setTimeout(() => {}, 1e6))', /^\s+at \w+-\d+ \(cell-N\.ts:\d:1\)\n\s+at \w+-\d+ \(cell-N\.ts:\d:1\)$/m]
  ]
  for (const magic of ['%%thread', '%%process']) {
    for (const [story, cell, place] of inWorkers) {
      test(`${magic}: it says where the cell was: ${story}`, async () => {
        let printed = ''
        const started = kernel.client.waitFor(message => (printed += streamText([message], 'stdout')).split('runs').length > (story === 'in two' ? 2 : 1))
        const running = kernel.client.execute(`${magic} ${cell}`)
        await started
        await kernel.client.interrupt()
        const execution = await running
        assert.match(errorOf(execution)?.traceback ?? '', new RegExp(place.source.replaceAll('cell-N', `cell-${String(execution.reply.content['execution_count'])}`), 'm'))
      })
    }
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

  test('a cell that waits for what an earlier one has left behind says so, and an interrupt ends that', async () => {
    const loops = kernel.client.waitFor(message => streamText([message], 'stdout') === 'runs\n')
    const { reply } = await ran(kernel.client, 'setTimeout(() => {\n  console.log("runs"); for (;;) {}\n})')
    await loops
    const told = kernel.client.waitFor(message => streamText([message], 'stderr').includes('left behind'))
    const waiting = kernel.client.execute('kept')
    const says = await told
    assert.match(streamText([says], 'stderr'), new RegExp(`^This cell waits .*\\n {4}at cell-${String(reply.content['execution_count'])}\\.ts:2:\\d+\\n$`))
    await kernel.client.interrupt()
    assert.equal(parentOf(says), (await waiting).id)
    assert.equal(valueOf(await ran(kernel.client, 'kept')), '1')
  })

  test('what waits behind the interrupted cell is aborted', async () => {
    const started = kernel.client.waitFor(message => streamText([message], 'stdout') === 'runs\n')
    const cells = ['console.log("runs"); while (true) {}', '1', '2'].map(cell => kernel.client.execute(cell))
    await started
    await kernel.client.interrupt()
    assert.deepEqual((await Promise.all(cells)).map(({ reply }) => reply.content['status']), ['error', 'aborted', 'aborted'])
  })
})

describe('the first interrupt of a session, as soon as its cell is known of', () => {
  for (const story of ['an endless loop', 'a promise that nobody resolves', 'Atomics.wait', 'a loop in a timer'] as const) {
    test(story, async () => {
      await using kernel = await startKernel()
      await ran(kernel.client, 'let kept = 1')
      const begun = kernel.client.waitFor(({ header }) => header['msg_type'] === 'execute_input')
      const running = kernel.client.execute(endless[story] as string)
      await begun
      await kernel.client.interrupt()
      assert.equal(errorOf(await running)?.ename, 'KeyboardInterrupt')
      assert.equal(valueOf(await ran(kernel.client, 'kept')), '1')
    })
  }
})
