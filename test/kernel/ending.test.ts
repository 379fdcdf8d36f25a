import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { descendants } from '../../kernel/parallel/programs/descendants.ts'
import { streamText } from '../support/jupyter-client.ts'
import { allGone, gone, isAlive, processesWith } from './processes.ts'
import { ran, type RunningKernel, startKernel } from './running-kernel.ts'

// Each leaves something running that must not outlive the kernel.
const busy: Readonly<Record<string, string>> = {
  'nothing': '',
  'an endless loop': 'while (true) {}',
  'child programs': 'import { spawn } from "node:child_process"\nfor (let i = 0; i < 3; i++) spawn("sleep", ["1000"])\nawait new Promise(() => {})',
  'a child that blocks': 'require("child_process").execSync("sleep 1000")',
  'processes': 'import { Process, sleep } from "paracell"\nfor (let i = 0; i < 3; i++) new Process({ target: async () => { while (true) {} } }).start()\nawait new Promise(() => {})',
  'a process with a child program': 'import { Process } from "paracell"\nnew Process({ target: () => { require("child_process").execSync("sleep 1000") } }).start()\nawait new Promise(() => {})',
  'workers of workers': `import { Process, Semaphore, Thread } from "paracell"
{
  const begun = new Semaphore(0)
  const spin = async () => { await begun.release(); for (;;); }
  new Process({ target: () => { new Process({ target: spin, startMethod: 'spawn' }).start() } }).start()
  new Thread({ target: () => { new Process({ target: spin }).start() } }).start()
  for (let i = 0; i < 2; i++) await begun.acquire()
  console.log("runs")
  await new Promise(() => {})
}`,
  'threads': 'import { Thread } from "paracell"\nfor (let i = 0; i < 3; i++) new Thread({ target: () => { while (true) {} } }).start()\nawait new Promise(() => {})',
  'a cell in processes': '%%process -n 2\nwhile (true) {}',
  'a cell in background processes': '%%process -n 2 --background\nwhile (true) {}'
}

const ends: Readonly<Record<string, (kernel: RunningKernel) => Promise<unknown>>> = {
  'a shutdown': async kernel => {
    const { reply } = await kernel.client.shutdown()
    assert.deepEqual(reply.content, { status: 'ok', restart: false })
    assert.equal(await kernel.exited, 0)
  },
  'a restart': async kernel => {
    const { reply } = await kernel.client.shutdown(true)
    assert.deepEqual(reply.content, { status: 'ok', restart: true })
    assert.equal(await kernel.exited, 0)
  },
  'SIGTERM': async kernel => {
    kernel.process.kill('SIGTERM')
    assert.equal(await kernel.exited, 0)
  },
  'SIGKILL': async kernel => {
    kernel.process.kill('SIGKILL')
    assert.equal(await kernel.exited, 'SIGKILL')
  }
}

/** Who is killed, by the cell that says which process it is. */
const victims: Readonly<Record<string, string>> = {
  'the session': 'console.log(process.pid)',
  'the process that forks': 'const asking = new Process({ target: () => process.ppid }); asking.start(); console.log(await asking.result())'
}

describe('no process outlives the kernel', () => {
  for (const [how, end] of Object.entries(ends)) {
    for (const [what, cell] of Object.entries(busy)) {
      test(`${how} while it runs: ${what}`, async () => {
        await using kernel = await startKernel()
        await ran(kernel.client, '1')
        if (cell) await start(kernel, cell)
        assert.ok(processesWith(kernel.mark).length >= 2, 'the kernel and its session are found')
        await end(kernel)
        await allGone(kernel.mark)
      })
    }
  }
})

describe('no worker outlives the session, or the process that forks', () => {
  for (const [victim, find] of Object.entries(victims)) {
    test(`SIGKILL of ${victim}`, async () => {
      await using kernel = await startKernel()
      const [pid] = await numbers(kernel, `import { Event, Process, Thread } from "paracell"; ${find}`)
      const workers = await numbers(kernel, `{
        const queue = new (await import("paracell")).Queue()
        const inner = async () => { await queue.put(process.pid); for (;;); }
        const outer = async () => { new Process({ target: inner }).start(); await inner() }
        new Process({ target: outer }).start()
        new Thread({ target: () => { new Process({ target: inner }).start() } }).start()
        for (let i = 0; i < 3; i++) console.log(await queue.get())
      }`)
      assert.equal(new Set(workers).size, 3)
      process.kill(pid as number, 'SIGKILL')
      await Promise.all(workers.map(gone))
      const [again] = await numbers(kernel, 'import { Process } from "paracell"; const last = new Process({ target: () => 42 }); last.start(); console.log(await last.result())')
      assert.equal(again, 42)
    })
  }
})

/** How a worker ends, by the name that it has in the cell. */
const killed: readonly (readonly [how: string, startMethod: string, end: string])[] = [
  ['SIGKILL from outside', 'forkserver', 'process.kill(worker.pid, "SIGKILL")'],
  ['SIGTERM from outside', 'forkserver', 'process.kill(worker.pid, "SIGTERM")'],
  ['SIGKILL from outside', 'spawn', 'process.kill(worker.pid, "SIGKILL")'],
  ['SIGTERM from outside', 'spawn', 'process.kill(worker.pid, "SIGTERM")'],
  ['kill()', 'spawn', 'worker.kill()'],
  ['terminate()', 'spawn', 'worker.terminate()']
]

describe('no program outlives the worker that was killed, or the cell that was interrupted', () => {
  const line = "trap '' TERM INT HUP; echo $$; sleep 1000; sleep 1001"

  for (const [how, startMethod, end] of killed) {
    test(`${how} of a worker that was started by ${startMethod}`, async () => {
      await using kernel = await startKernel()
      const [pid] = await numbers(kernel, `import { Process, Queue, spawn } from "paracell"
        const lines = new Queue<string>()
        const worker = new Process({ startMethod: "${startMethod}", target: async () => { for await (const line of spawn(${JSON.stringify(line)}).stdout) await lines.put(line) } })
        worker.start()
        console.log(await lines.get())`)
      await ran(kernel.client, `${end}; await worker.join()`)
      await gone(pid as number)
    })
  }

  test('but what other workers have given away does', async () => {
    await using kernel = await startKernel()
    const [pid] = await numbers(kernel, `import { Process, run, sleep } from "paracell"
      const giving = new Process({ target: async () => (await run('sleep 1000 > /dev/null 2>&1 & echo $!')).stdout })
      giving.start()
      console.log(await giving.result())`)
    await ran(kernel.client, 'const other = new Process({ target: () => sleep(1e6) }); await other.start(); process.kill(other.pid as number, "SIGKILL"); await other.join()')
    await ran(kernel.client, 'const last = new Process({ target: () => 1 }); last.start(); await last.join()')
    assert.ok(isAlive(pid as number))
    process.kill(pid as number, 'SIGKILL')
  })

  test('an interrupt of a cell that runs a line of the shell', async () => {
    await using kernel = await startKernel()
    await ran(kernel.client, 'import { call } from "paracell"')
    const said = kernel.client.waitFor(message => /\d+\n/.test(streamText([message], 'stdout')))
    const running = kernel.client.execute("await call('echo $$; sleep 1000 | sleep 1001')")
    const shell = Number(streamText([await said], 'stdout'))
    while (descendants(shell).length < 2) await setImmediate()
    const below = descendants(shell)
    await kernel.client.interrupt()
    await running
    await Promise.all([shell, ...below].map(gone))
  })
})

async function numbers({ client }: RunningKernel, code: string): Promise<number[]> {
  const { outputs } = await ran(client, code)
  return streamText(outputs, 'stdout').split('\n').filter(Boolean).map(Number)
}

async function start({ client }: RunningKernel, cell: string): Promise<void> {
  const started = client.waitFor(message => streamText([message], 'stdout').includes('runs'))
  client.execute(saying(cell)).catch(() => undefined)
  await started
}

function saying(cell: string): string {
  if (cell.includes('"runs"')) return cell
  return cell.startsWith('%%') ? cell.replace('\n', '\nconsole.log("runs")\n') : `console.log("runs")\n${cell}`
}
