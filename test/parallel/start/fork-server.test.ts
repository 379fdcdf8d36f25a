import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, describe, it } from 'node:test'
import { Worker } from 'node:worker_threads'
import { forkServer } from '../../../kernel/parallel/start/fork-server.ts'
import { beside, CHILD, doing, gone, run } from './support.ts'

describe('a fork server', { timeout: 300_000 }, () => {
  const starter = forkServer(CHILD)
  after(() => starter[Symbol.asyncDispose]())

  it('never fails to start one, in a thousand', async () => {
    for (let count = 0; count < 1000; count++) {
      const { exit, stdout, process: { pid } } = await run(starter, doing('exit'))
      assert.deepEqual({ exit, stdout }, { exit: { exitCode: 3 }, stdout: 'leaving with 3' }, `${count}: process ${pid}`)
    }
  })

  it('starts many at once', async () => {
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => run(starter, doing('exit'))))
    for (const { exit, stdout } of outcomes) assert.deepEqual([exit, stdout], [{ exitCode: 3 }, 'leaving with 3'])
    assert.equal(new Set(outcomes.map((outcome) => outcome.process.pid)).size, 50)
  })

  it('is one, however many ask for it at first', async () => {
    await using fresh = forkServer(CHILD)
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => run(fresh, doing('identify'))))
    assert.equal(new Set(outcomes.map(({ link }) => (JSON.parse(link) as { parent: number }).parent)).size, 1)
  })

  it('gives children a heap that works as any', async () => {
    for (let round = 0; round < 15; round++) {
      const outcomes = await Promise.all([1, 2, 3, 4].map(() => run(starter, doing('allocate'))))
      for (const { link, exit } of outcomes) assert.deepEqual([link, exit], [outcomes[0]?.link, { exitCode: 0 }])
    }
  })

  it('is not disturbed by busy threads of the asker', async () => {
    const busy = [1, 2].map(() => new Worker('for (let kept = [];;) { kept.push({}); if (kept.length > 1e5) kept = [] }', { eval: true }))
    for (let count = 0; count < 30; count++) {
      const { exit, stdout } = await run(starter, doing('exit'))
      assert.deepEqual([exit, stdout], [{ exitCode: 3 }, 'leaving with 3'])
    }
    await Promise.all(busy.map((worker) => worker.terminate()))
  })

  it('takes its children along when it is killed, and is replaced by the next start', async () => {
    const { link } = await run(starter, doing('identify'))
    const { parent } = JSON.parse(link) as { parent: number }
    const children = await Promise.all([1, 2, 3].map(() => starter.start(doing('stay'))))
    process.kill(parent, 'SIGKILL')
    for (const { exited, pid } of children) {
      assert.deepEqual(await exited, { exitCode: -9, signal: 'SIGKILL' })
      await gone(pid)
    }
    assert.deepEqual((await run(starter, doing('exit'))).exit, { exitCode: 3 })
  })

  it('does not miss a child that waited ahead and was killed', async () => {
    const { link } = await run(starter, doing('identify'))
    const { parent } = JSON.parse(link) as { parent: number }
    for (let round = 0; round < 20; round++) {
      const waiting = childrenOf(parent)
      for (const pid of waiting) endNow(pid)
      const { exit, stdout, process: { pid } } = await run(starter, doing('exit'))
      assert.deepEqual([exit, stdout], [{ exitCode: 3 }, 'leaving with 3'])
      assert.ok(!waiting.includes(pid))
    }
  })

  it('says what is wrong with an entry', async () => {
    await using missing = forkServer('/no/such/entry.ts')
    await assert.rejects(missing.start(), /couldn't be loaded.*\/no\/such\/entry\.ts/s)
    await using broken = forkServer(beside('broken.ts'))
    await assert.rejects(broken.warm(), /couldn't be loaded.*broken on purpose/s)
  })

  it('lets children share what no one has written to', async () => {
    const child = await starter.start(doing('stay'))
    const memory = readFileSync(`/proc/${child.pid}/smaps_rollup`, 'latin1')
    const own = [...memory.matchAll(/^Private_\w+: +(\d+)/gm)].reduce((sum, [, size]) => sum + Number(size), 0)
    assert.ok(own > 0 && own < 8192, `${own} kB`)
    child.kill()
    await child.exited
  })

  it('lets a child hear every signal', async () => {
    for (const signal of ['SIGUSR1', 'SIGCHLD', 'SIGWINCH']) {
      const { stdout } = await run(starter, doing('listen', { SIGNAL: signal }))
      assert.equal(stdout, `heard ${signal}`)
    }
  })
})

function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'latin1').split(' ').filter((each) => each !== '').map(Number)
}

/** One that has just ended by itself may still have been listed. */
function endNow(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
