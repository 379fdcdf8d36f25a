import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { streamText } from '../support/jupyter-client.ts'
import { allGone, processesWith } from './processes.ts'
import { ran, type RunningKernel, startKernel } from './running-kernel.ts'

// Each leaves something running that must not outlive the kernel.
const busy: Readonly<Record<string, string>> = {
  'nothing': '',
  'an endless loop': 'while (true) {}',
  'child programs': 'import { spawn } from "node:child_process"\nfor (let i = 0; i < 3; i++) spawn("sleep", ["1000"])\nawait new Promise(() => {})',
  'a child that blocks': 'require("child_process").execSync("sleep 1000")',
  'processes': 'import { Process, sleep } from "paracell"\nfor (let i = 0; i < 3; i++) new Process({ target: async () => { while (true) {} } }).start()\nawait new Promise(() => {})',
  'a process with a child program': 'import { Process } from "paracell"\nnew Process({ target: () => { require("child_process").execSync("sleep 1000") } }).start()\nawait new Promise(() => {})',
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

async function start({ client }: RunningKernel, cell: string): Promise<void> {
  const started = client.waitFor(message => streamText([message], 'stdout').includes('runs'))
  const isMagic = cell.startsWith('%%')
  client.execute(isMagic ? cell.replace('\n', '\nconsole.log("runs")\n') : `console.log("runs")\n${cell}`).catch(() => undefined)
  await started
}
