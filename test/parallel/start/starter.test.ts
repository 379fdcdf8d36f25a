import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { pbkdf2Sync } from 'node:crypto'
import { once } from 'node:events'
import { realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, describe, it } from 'node:test'
import { UsageError } from '../../../kernel/errors.ts'
import { forkServer } from '../../../kernel/parallel/start/fork-server.ts'
import { spawner } from '../../../kernel/parallel/start/spawner.ts'
import { beside, CHILD, collect, doing, gone, isAlive, run } from './support.ts'

const starters = { fork: forkServer, spawn: spawner }

const ends: { deed: string; signal?: string; exit: object; stdout?: string; stderr?: RegExp }[] = [
  { deed: 'nothing', exit: { exitCode: 0 } },
  { deed: 'exit', exit: { exitCode: 3 }, stdout: 'leaving with 3' },
  { deed: 'run', exit: { exitCode: 4 }, stdout: 'leaving with 4' },
  { deed: 'throw', exit: { exitCode: 1 }, stderr: /RangeError: too far\n {4}at /},
  { deed: 'reject', exit: { exitCode: 1 }, stderr: /RangeError: too late\n {4}at / },
  { deed: 'rescue', exit: { exitCode: 0 }, stdout: 'caught this' },
  { deed: 'abort', exit: { exitCode: -6, signal: 'SIGABRT' }, stderr: /^/ },
  { deed: 'signal', signal: 'SIGKILL', exit: { exitCode: -9, signal: 'SIGKILL' } },
  { deed: 'signal', signal: 'SIGSEGV', exit: { exitCode: -11, signal: 'SIGSEGV' } },
  { deed: 'signal', signal: 'SIGTERM', exit: { exitCode: -15, signal: 'SIGTERM' } },
  { deed: 'signal', signal: 'SIGINT', exit: { exitCode: -2, signal: 'SIGINT' } },
  { deed: 'signal', signal: 'SIGUSR2', exit: { exitCode: -12, signal: 'SIGUSR2' } },
]

for (const [kind, make] of Object.entries(starters)) {
  describe(`processes started by ${kind}`, { timeout: 120_000 }, () => {
    const starter = make(CHILD)
    after(() => starter[Symbol.asyncDispose]())

    for (const { deed, signal = '', exit, stdout = '', stderr = /^$/ } of ends) {
      it(`tells how one ended: ${deed} ${signal}`, async () => {
        const outcome = await run(starter, doing(deed, { SIGNAL: signal }))
        assert.deepEqual(outcome.exit, exit)
        assert.equal(outcome.stdout, stdout)
        assert.match(outcome.stderr, stderr)
      })
    }

    it('gives each a number, an environment and a folder of its own', async () => {
      const options = { ...doing('identify', { NAME: 'wörld' }), cwd: realpathSync(tmpdir()) }
      const outcomes = await Promise.all([1, 2, 3].map(() => run(starter, options)))
      for (const { process: { pid }, link, stderr } of outcomes) {
        const { parent, ...seen } = JSON.parse(link) as { parent: number }
        assert.deepEqual({ ...seen, stderr }, { pid, ...options, env: { ...options.env, PARACELL_PROCESS: String(pid) }, stderr: '' })
        assert.notEqual(parent, pid)
      }
      assert.equal(new Set([process.pid, ...outcomes.map((outcome) => outcome.process.pid)]).size, 4)
    })

    it('gives the environment and the folder of the moment', async () => {
      process.env['PARACELL_TEST'] = 'now'
      const outcome = await run(starter, { env: { ...process.env, DO: 'identify' } as Record<string, string> })
      delete process.env['PARACELL_TEST']
      const { env, cwd } = JSON.parse(outcome.link) as { env: Record<string, string>; cwd: string }
      assert.deepEqual([env['PARACELL_TEST'], cwd], ['now', process.cwd()])
    })

    it('needs nothing of the environment to start', async () => {
      const outcome = await run(starter, { env: { DO: 'identify', PATH: '/nowhere' } })
      assert.deepEqual((JSON.parse(outcome.link) as { env: unknown }).env, { DO: 'identify', PATH: '/nowhere', PARACELL_PROCESS: String(outcome.process.pid) })
    })

    it('refuses a folder that is none', async () => {
      await assert.rejects(starter.start({ cwd: '/no/such/folder' }), (error) =>
        error instanceof UsageError && error.message.includes('/no/such/folder'))
      await assert.rejects(starter.start({ cwd: CHILD }), UsageError)
    })

    for (const deed of ['large', 'streams']) it(`loses nothing of what is written right before the end: ${deed}`, async () => {
      const { exit, stdout, stderr } = await run(starter, doing(deed))
      assert.deepEqual(exit, { exitCode: 0 })
      assert.ok(stdout === 'x'.repeat(5_000_000), `${stdout.length} characters`)
      assert.ok(stderr === 'y'.repeat(500_000), `${stderr.length} characters`)
    })

    it('waits for a reader that takes its time', async () => {
      const started = await starter.start(doing('large'))
      started.stderr.resume()
      let length = 0
      for await (const chunk of started.stdout) {
        await new Promise(setImmediate)
        length += (chunk as Buffer).length
      }
      assert.equal(length, 5_000_000)
      assert.deepEqual(await started.exited, { exitCode: 0 })
    })

    it('carries bytes there and back', async () => {
      const started = await starter.start(doing('echo'))
      const echoed = collect(started.link)
      const text = 'abcdefgh'.repeat(131_072)
      started.link.write(text)
      while (echoed.text.length < text.length) await once(started.link, 'data')
      started.link.end()
      assert.deepEqual(await started.exited, { exitCode: 0 })
      assert.ok(echoed.text === text)
    })

    it('kills, also when there is nothing left to kill', async () => {
      const started = await starter.start(doing('stay'))
      assert.ok(isAlive(started.pid))
      started.kill('SIGKILL')
      assert.deepEqual(await started.exited, { exitCode: -9, signal: 'SIGKILL' })
      assert.ok(!isAlive(started.pid))
      started.kill()
      started.kill(9)
    })

    it('does not wait for a grandchild that keeps the output open', async () => {
      const { exit, stdout, process: { stdout: still } } = await run(starter, doing('grandchild'))
      assert.deepEqual(exit, { exitCode: 0 })
      assert.ok(!still.readableEnded)
      // It may print its number after that.
      const late = collect(still)
      while (!collectedPid(stdout + late.text)) await once(still, 'data')
      const pid = collectedPid(stdout + late.text) as number
      assert.ok(isAlive(pid))
      process.kill(pid, 'SIGKILL')
      await gone(pid)
    })

    it('lets Node do there what it does anywhere', async () => {
      const { link, exit, stderr } = await run(starter, doing('use'))
      assert.equal(stderr, '')
      assert.deepEqual(JSON.parse(link), {
        file: true, address: true, key: pbkdf2Sync('secret', 'salt', 1000, 8, 'sha256').toString('hex'), unzipped: 'text', program: 'program\n', thread: 'thread',
      })
      assert.deepEqual(exit, { exitCode: 0 })
    })

    it('lets each draw random numbers of its own', async () => {
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => run(starter, doing('random'))))
      const drawn = outcomes.flatMap(({ link }) => JSON.parse(link) as unknown[])
      assert.equal(new Set(drawn).size, 8 * 5)
    })

    it('ends all when it is disposed of', async () => {
      const other = make(CHILD)
      const started = await Promise.all([1, 2, 3].map(() => other.start(doing('stay'))))
      await other[Symbol.asyncDispose]()
      for (const { pid, exited } of started) {
        assert.deepEqual(await exited, { exitCode: -9, signal: 'SIGKILL' })
        assert.ok(!isAlive(pid))
      }
      await assert.rejects(other.start(), /disposed/)
    })
  })
}

describe('processes whose asker is killed', { timeout: 60_000 }, () => {
  // Without a PATH there is no program that has the system watch the parent.
  for (const how of [['fork'], ['spawn'], ['spawn', '/nowhere']]) {
    it(`end too, having started beside a blocked main thread: ${how.join(' with PATH=')}`, async () => {
      const asker = spawn(process.execPath, [beside('asker.ts'), ...how], { stdio: ['ignore', 'pipe', 'inherit'] })
      const [line] = await once(asker.stdout.setEncoding('utf8'), 'data') as [string]
      const { pids, parent, ...seen } = JSON.parse(line) as { pids: number[]; parent: number }
      assert.deepEqual(seen, { exit: { exitCode: 3 }, stdout: 'leaving with 3' })
      assert.ok(pids.length === 3 && pids.every(isAlive))
      // Not even a server that is stopped in that moment stays.
      if (parent !== asker.pid) process.kill(parent, 'SIGSTOP')
      asker.kill('SIGKILL')
      await Promise.all([...pids, parent].map(gone))
    })
  }
})

function collectedPid(stdout: string): number | undefined {
  const found = /grandchild (\d+)/.exec(stdout)
  return found ? Number(found[1]) : undefined
}
