import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { errorOf, ran, startKernel, valueOf } from './running-kernel.ts'
import { gone } from './processes.ts'

const deaths: readonly [story: string, cell: string, says: RegExp][] = [
  ['process.exit', 'process.exit(3)', /exit code 3/],
  ['process.exit after an await', 'await null; process.exit()', /exit code 0/],
  ['process.abort', 'process.abort()', /SIGABRT/],
  ['SIGKILL', 'process.kill(process.pid, "SIGKILL"); await new Promise(() => {})', /SIGKILL/],
  ['SIGTERM while it blocks', 'require("child_process").execSync(`kill ${process.pid}`); for (;;) {}', /SIGTERM/],
  ['a crash', 'process.kill(process.pid, "SIGSEGV"); await new Promise(() => {})', /SIGSEGV/],
  ['out of memory', 'const hoard: unknown[] = []; for (;;) hoard.push(new Array(1e5).fill(hoard.length))', /SIGABRT.*out of memory/]
]

describe('the process that holds the variables ends', () => {
  for (const [story, cell, says] of deaths) {
    test(`${story}: the cell says how, and the next one runs`, async () => {
      // Little memory, so that one of them is soon out of it.
      await using kernel = await startKernel({ env: { NODE_OPTIONS: '--max-old-space-size=100' } })
      await ran(kernel.client, 'let lost = 1')
      const execution = await kernel.client.execute(`console.log("printed before")\n${cell}`)
      assert.equal(execution.reply.content['status'], 'error')
      assert.equal(execution.stdout, 'printed before\n')
      const error = errorOf(execution)
      assert.equal(error?.ename, 'SessionDied')
      assert.match(String(error?.evalue), says)
      assert.match(String(error?.evalue), /variables are gone/)
      const next = await ran(kernel.client, 'typeof lost')
      assert.equal(valueOf(next), "'undefined'")
      assert.equal(next.reply.content['execution_count'], 3)
    })
  }

  for (const end of ['process.exit(1)', 'process.abort()', 'process.kill(process.pid, "SIGKILL")']) {
    test(`20 MB printed just before ${end} are all there`, async () => {
      await using kernel = await startKernel()
      const { stdout } = await kernel.client.execute(`for (let i = 0; i < 200_000; i++) console.log("x".repeat(99)); ${end}`)
      assert.equal(stdout.length, 20_000_000)
    })
  }

  test('between two cells: the next one runs in a new session', async () => {
    await using kernel = await startKernel()
    const pid = Number(valueOf(await ran(kernel.client, 'process.pid')))
    process.kill(pid, 'SIGKILL')
    await gone(pid)
    await kernel.log.waitFor(/replaced by a new one/)
    assert.notEqual(valueOf(await ran(kernel.client, 'process.pid')), String(pid))
  })

  test('many times over', async () => {
    await using kernel = await startKernel()
    for (let i = 0; i < 5; i++) {
      assert.equal(errorOf(await kernel.client.execute('process.exit(1)'))?.ename, 'SessionDied')
    }
    assert.equal((await ran(kernel.client, '1')).reply.content['execution_count'], 6)
  })

  test('what waits behind the cell is aborted', async () => {
    await using kernel = await startKernel()
    const executions = await Promise.all(['process.exit(1)', '1'].map(cell => kernel.client.execute(cell)))
    assert.deepEqual(executions.map(({ reply }) => reply.content['status']), ['error', 'aborted'])
  })
})
