import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { allGone } from '../../kernel/processes.ts'
import { startMachine } from '../../support/machine.ts'
import { type RunningRedis, startRedis } from '../../support/redis.ts'
import { needs } from '../../support/system.ts'
import { type Notebook, openNotebook } from '../together/notebook.ts'
import { SETUP } from './notebook.ts'

describe('faults of a cluster', { timeout: 200_000, ...needs('redis-server') }, () => {
  let redis: RunningRedis
  let notebook: Notebook
  before(async () => {
    redis = await startRedis()
    notebook = await openNotebook()
    await notebook.run(SETUP(redis.url))
  })
  after(async () => {
    await notebook[Symbol.asyncDispose]()
    await redis[Symbol.asyncDispose]()
  })

  const machine = (name: string, ...more: readonly string[]) => startMachine({ url: redis.url, args: ['--insecure', '--name', name, ...more] })

  test('a machine is killed in the middle of jobs: all of them end, elsewhere, with all that they put', async () => {
    await using doomed = await machine('doomed', '--concurrency', '4')
    await notebook.run(`
      const [begun, open, got] = [new Semaphore(0), new Event(), new Queue<number>()]
      const work = async (n: number) => {
        await begun.release()
        await open.wait()
        await got.put(n)
        return n
      }
      const jobs = [0, 1, 2, 3].map(n => new Remote({ target: work, args: [n], name: 'job' + n }))
      for (const job of jobs) job.start()
      for (const _ of jobs) await begun.acquire()`)
    doomed.process.kill('SIGKILL')
    await using _heir = await machine('heir', '--concurrency', '4')
    const lines = await notebook.run(`
      await open.set()
      const results = await Promise.all(jobs.map(job => job.result()))
      console.log(results.join(), jobs.map(job => job.machine).join())
      const items = []
      while (await got.qsize()) items.push(await got.get())
      console.log(items.toSorted().join())`)
    assert.deepEqual(lines, ['0,1,2,3 heir,heir,heir,heir', '0,1,2,3'])
    await allGone(doomed.mark)
  })

  test('what a process held is free when its machine is gone', async () => {
    await using doomed = await machine('doomed')
    await notebook.run(`
      const lock = new Lock()
      const holder = new Remote({ attempts: 1, name: 'holder', target: async () => { await lock.acquire(); await sleep(1e8) } })
      await holder.start()
      while (!(await lock.locked())) await sleep(10)`)
    doomed.process.kill('SIGKILL')
    const { stdout, stderr } = await notebook.attempt('await lock.acquire(); await holder.join(); console.log(holder.exitCode, holder.signal)')
    assert.equal(stdout, '-9 SIGKILL\n')
    assert.match(stderr + (await notebook.printed(/held a Lock/)), /held a Lock/)
  })

  test('a process that is killed there is begun again, later, and says so', async () => {
    await using _one = await machine('one')
    const lines = await notebook.run(`
      const runs = new Value(0)
      const phoenix = new Remote({ name: 'phoenix', target: async () => { if (await runs.add(1) < 3) process.kill(process.pid, 'SIGKILL'); return 'risen' } })
      phoenix.start()
      console.log(await phoenix.result(), await runs.get())`)
    assert.deepEqual(lines, ['risen 3'])
    assert.match(await notebook.printed(/phoenix: .*attempt 3 of 3/), /ended by SIGKILL on one; it begins again/)
  })

  test('but only so often', async () => {
    await using _one = await machine('one')
    const { error } = await notebook.attempt(`
      const hopeless = new Remote({ name: 'hopeless', attempts: 2, target: () => process.kill(process.pid, 'SIGSEGV') })
      hopeless.start()
      await hopeless.result()`)
    assert.match(error?.evalue ?? '', /hopeless@one: WorkerEnded: it was ended by SIGSEGV/)
  })

  test('what fails or exits by itself is not', async () => {
    await using _one = await machine('one')
    const lines = await notebook.run(`
      const tries = new Value(0)
      const failing = new Remote({ target: async () => { await tries.add(1); throw new Error('no') } })
      const exiting = new Remote({ target: async () => { await tries.add(1); process.exit(3) } })
      for (const one of [failing, exiting]) one.start()
      for (const one of [failing, exiting]) await one.join()
      console.log(failing.exitCode, exiting.exitCode, await tries.get())`)
    assert.deepEqual(lines, ['1 3 2'])
  })

  for (const how of ['SIGTERM', 'SIGKILL'] as const) {
    test(`Redis ends by ${how} in the middle of it all, and starts again: nothing is lost, nothing comes twice`, async () => {
      await using _one = await machine('one', '--concurrency', '2')
      const running = notebook.attempt(`
        const through = new Queue<number>()
        const talker = new Remote({ target: async () => {
          for (let i = 0; i < 300; i++) {
            console.log('line', i)
            await through.put(i)
            await sleep(5)
          }
          return 'end'
        } })
        talker.start()
        console.log('talking')
        const waiting = [1, 2, 3].map(n => new Remote({ target: async () => { await sleep(200); return n } }))
        for (const one of waiting) one.start()
        const seen = []
        while (seen.length < 300) seen.push(await through.get())
        console.log(await talker.result(), seen.every((n, i) => n === i), (await Promise.all(waiting.map(one => one.result()))).join())`)
      await notebook.printed(/line 50\n/)
      await redis.restart(how)
      await notebook.printed(/line 150\n/)
      await redis.restart(how)
      const { stdout, error } = await running
      assert.equal(error, undefined)
      const lines = stdout.split('\n')
      assert.deepEqual(lines.filter(line => line.startsWith('line')), Array.from({ length: 300 }, (_, i) => `line ${i}`))
      assert.equal(lines.at(-2), 'end true 1,2,3')
    })
  }

  test('10,000 small calls, one by one, on two machines, one of which is killed: each has its result', async () => {
    await using one = await machine('one', '--concurrency', '2')
    await using _two = await machine('two', '--concurrency', '2')
    const running = notebook.run(`
      const pool = new Pool({ cluster, size: 4 })
      const squares = await pool.map((n: number) => { if (n === 2000) console.log('well under way'); return n * n }, Array.from({ length: 10_000 }, (_, i) => i), { chunksize: 1 })
      console.log(squares.length, squares.every((square, n) => square === n * n))
      pool.terminate()
      await pool.join()`)
    await notebook.printed(/well under way/)
    one.process.kill('SIGKILL')
    assert.equal((await running).at(-1), '10000 true')
  })

  test('the session goes: its processes go, and its jobs that wait are dropped', async () => {
    await using one = await machine('one', '--concurrency', '2')
    {
      await using other = await openNotebook()
      await other.run(SETUP(redis.url))
      await other.run(`
        const busy = [1, 2, 3, 4].map(() => new Remote({ target: () => { console.log('spinning'); for (;;); } }))
        await Promise.all(busy.map(one => one.start()).slice(0, 2))`)
      await other.printed(/spinning/)
    }
    const lines = await notebook.run("const next = new Remote({ target: () => 'free again' }); next.start(); console.log(await next.result())")
    assert.deepEqual(lines, ['free again'])
    one.process.kill('SIGTERM')
    assert.equal(await one.exited, 0)
    await allGone(one.mark)
  })

  test('nothing stays in Redis but lists that vanish by themselves', async () => {
    const { Redis } = await import('ioredis')
    const connection = new Redis(redis.url)
    await using _one = await machine('one')
    // What has just been written is given a lifetime soon.
    for (let eternal = ['?']; eternal.length > 0; ) {
      const keys = await connection.keys('*')
      const lifetimes = await Promise.all(keys.map(key => connection.pttl(key)))
      eternal = keys.filter((_, i) => lifetimes[i] === -1)
    }
    const memory = Number(/used_memory_dataset:(\d+)/.exec(await connection.info('memory'))?.[1])
    connection.disconnect()
    assert.ok(memory < 5_000_000, `${memory} bytes`)
  })
})

describe('no Redis', { timeout: 60_000 }, () => {
  test('is one clear error in the notebook, soon', async () => {
    await using notebook = await openNotebook()
    const { error, stderr } = await notebook.attempt("import { Cluster } from 'paracell'\nawait Cluster.connect('redis://:hidden@127.0.0.1:1', { insecure: true })")
    assert.equal(error?.ename, 'UsageError')
    assert.equal(error?.evalue, 'No Redis answers at redis://127.0.0.1:1 (ECONNREFUSED). Start one, such as redis-server, or give another address.')
    assert.equal(stderr, '')
    assert.deepEqual(await notebook.run('console.log(1)'), ['1'])
  })
})
