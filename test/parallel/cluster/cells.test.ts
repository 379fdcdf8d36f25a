import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { Redis } from 'ioredis'
import { allGone, gone } from '../../kernel/processes.ts'
import { startMachine } from '../../support/machine.ts'
import { needs } from '../../support/system.ts'
import { openNotebook } from '../together/notebook.ts'
import { type ClusterNotebook, openClusterNotebook } from './notebook.ts'

const opened = (context: { open: ClusterNotebook }) => context.open.notebook

describe('cells and a cluster', { timeout: 120_000, ...needs('redis-server') }, () => {
  const context = {} as { open: ClusterNotebook }
  before(async () => {
    context.open = await openClusterNotebook()
  })
  after(() => context.open[Symbol.asyncDispose]())

  test('%%cluster runs the cell elsewhere, with the variables that it uses, and names worker and machine', async () => {
    const notebook = opened(context)
    await notebook.run('const words = ["a", "b"]')
    const lines = await notebook.run('%%cluster -n 3\nconsole.log(words[rank % 2], rank, size)')
    const shown = lines.map(line => /^\[Process-\d+@(?:one|two)\] (.*)$/.exec(line)?.[1])
    assert.deepEqual(shown.toSorted(), ['a 0 3', 'a 2 3', 'b 1 3'])
  })

  test('its value is the last of the cell', async () => {
    const { displays } = await opened(context).attempt('%%cluster -n 2 --name worker\nrank * 10')
    assert.equal(displays[0]?.['text/plain'], '[ 0, 10 ]')
  })

  test('--out names it, and displays are shown', async () => {
    const notebook = opened(context)
    const { displays } = await notebook.attempt("%%cluster --out far\nimport { display, html } from 'paracell'\nawait display(html('<b>far</b>'))\n6 * 7")
    assert.equal(displays[0]?.['text/html'], '<b>far</b>')
    assert.deepEqual(await notebook.run('console.log(far)'), ['42'])
  })

  test('an error says which machine, which cell and which line', async () => {
    const { error, stderr } = await opened(context).attempt('%%cluster\nconst x: number = 1\n\nthrow new RangeError(`no ${x}`)')
    assert.deepEqual([error?.ename, error?.evalue], ['RangeError', 'no 1'])
    assert.match(error?.traceback.join('\n') ?? '', /cell-\d+\.ts:4:\d+.*\n {4}at Process-\d+@(one|two)/)
    assert.match(stderr, /\[Process-\d+@(one|two)\] Process-\d+@(one|two) failed: RangeError: no 1/)
  })

  test('an interrupt ends all of it, on all machines', async () => {
    const notebook = opened(context)
    const running = notebook.attempt("%%cluster -n 2\nconsole.log('spinning', rank)\nfor (;;);")
    await Promise.all([notebook.printed(/spinning 0/), notebook.printed(/spinning 1/)])
    await notebook.interrupt()
    assert.equal((await running).error?.ename, 'KeyboardInterrupt')
    assert.deepEqual(await notebook.run('for (const child of activeChildren()) await child.join()\nconsole.log(activeChildren().length)'), ['0'])
  })

  test('terminate and kill end it; join and exitCode say so', async () => {
    const lines = await opened(context).run(`
      const [polite, rude] = [0, 1].map(() => new Remote({ target: () => { for (;;); } }))
      await Promise.all([polite.start(), rude.start()])
      polite.terminate()
      rude.kill()
      await Promise.all([polite.join(), rude.join()])
      console.log(polite.exitCode, polite.signal, rude.exitCode, rude.signal)`)
    assert.deepEqual(lines, ['-15 SIGTERM -9 SIGKILL'])
  })

  test('what waits for a machine can be given up, and says why it waits', async () => {
    const notebook = opened(context)
    const lines = await notebook.run(`
      const never = new Remote({ target: () => 1, tags: ['quantum'], name: 'never' })
      never.start()
      console.log(await never.join({ timeout: 3500 }))
      never.terminate()
      await never.join()
      console.log(never.exitCode, never.isAlive())`)
    assert.deepEqual(lines, ['false', '-15 false'])
    assert.match(await notebook.printed(/never: it waits.*/), /there is no machine with the tags quantum\. Start one: paracell worker .* --tags quantum/)
  })

  test('processes that wait for each other on different machines are told of', async () => {
    const notebook = opened(context)
    const deadlocked = notebook.attempt(`{
      const [ping, pong] = [new Queue(), new Queue()]
      const pass = async (from, to) => to.put(await from.get())
      const players = [new Remote({ name: 'left', tags: [], target: pass, args: [ping, pong] }), new Process({ name: 'right', target: pass, args: [pong, ping] })]
      for (const player of players) player.start()
      await players[0].join()
    }`)
    const told = await notebook.printed(/Deadlock.*\n/)
    await notebook.interrupt()
    await deadlocked
    // Either may have begun to wait first.
    for (const player of ['left@\\w+', 'right']) assert.match(told, new RegExp(`Deadlock: .*\\b${player} waits for an item of a Queue, .*and MainThread waits for the end of left@\\w+\\.`))
  })

  test('tags choose the machine', async () => {
    const { notebook, redis } = context.open
    await using _tagged = await startMachine({ url: redis.url, args: ['--insecure', '--name', 'three', '--tags', 'gpu,big'] })
    const lines = await notebook.run(`
      const chosen = [['gpu'], ['big', 'gpu'], ['big']].map(tags => new Remote({ target: () => 1, tags }))
      for (const one of chosen) one.start()
      for (const one of chosen) await one.join()
      console.log(chosen.map(({ machine }) => machine).join())`)
    assert.deepEqual(lines, ['three,three,three'])
  })

  test('a machine runs no more at a time than it has places', async () => {
    const { notebook, redis } = context.open
    await using _narrow = await startMachine({ url: redis.url, args: ['--insecure', '--name', 'narrow', '--tags', 'x,y', '--concurrency', '2'] })
    const lines = await notebook.run(`
      const [now, most] = [new Value(0), new Value(0)]
      const crowd = Array.from({ length: 8 }, (_, i) => new Remote({ tags: i % 2 ? ['x'] : ['x', 'y'], target: async () => {
        const count = await now.add(1)
        if (count > await most.get()) await most.set(count)
        await sleep(100)
        await now.add(-1)
      } }))
      for (const one of crowd) one.start()
      for (const one of crowd) await one.join()
      console.log(await most.get() <= 2, crowd.every(({ exitCode }) => exitCode === 0))`)
    assert.deepEqual(lines, ['true true'])
  })

  test('workers says who is there', async () => {
    const lines = await opened(context).run(`
      const found = (await cluster.workers()).filter(({ name }) => ['one', 'two'].includes(name))
      console.log(found.map(({ name, concurrency, state }) => [name, concurrency, state].join(' ')).join(', '))
      console.log(found.every(({ load, cores, memory }) => load >= 0 && cores > 0 && memory.free > 0 && memory.total > memory.free))`)
    assert.deepEqual(lines, ['one 12 ready, two 12 ready', 'true'])
  })

  test('a process of the cluster starts others there, which end with it', async () => {
    const lines = await opened(context).run(`
      const outer = new Remote({ target: async () => {
        const inner = new Process({ target: () => 'inner' })
        inner.start()
        return [await inner.result(), inner.machine !== undefined]
      } })
      outer.start()
      console.log(await outer.result())`)
    assert.deepEqual(lines, ["[ 'inner', true ]"])
  })

  test('64 MB of output arrive whole, in order, and before the result', async () => {
    const { stdout, error } = await opened(context).attempt(`
      const talker = new Remote({ target: () => {
        for (let i = 0; i < 640; i++) process.stdout.write((String(i).padStart(9) + '\\n').repeat(10_000))
        return 'said'
      } })
      talker.start()
      console.log(await talker.result())`)
    assert.equal(error, undefined)
    assert.equal(stdout.length, 64_000_000 + 5)
    const expected = Array.from({ length: 640 }, (_, i) => `${String(i).padStart(9)}\n`.repeat(10_000)).join('')
    assert.ok(stdout === `${expected}said\n`)
  })

  test('results and arguments of 200 MB travel, and Redis holds little of them at any time', async () => {
    const { notebook, redis } = context.open
    const lines = await notebook.run(`
      const far = new Remote({ target: (bytes: Uint8Array) => bytes.fill(7), args: [new Uint8Array(200e6).fill(6)] })
      far.start()
      const back = await far.result() as Uint8Array
      console.log(back.length, back[0], back.at(-1), back.indexOf(6))`)
    assert.deepEqual(lines, ['200000000 7 7 -1'])
    const connection = new Redis(redis.url)
    const peak = Number(/used_memory_peak:(\d+)/.exec(await connection.info('memory'))?.[1])
    connection.disconnect()
    assert.ok(peak < 50_000_000, `${peak} bytes`)
  })

  test('SIGTERM lets a machine finish what it has, and take no more', async () => {
    const { notebook, redis } = context.open
    await using leaving = await startMachine({ url: redis.url, args: ['--insecure', '--name', 'leaving', '--tags', 'leaving'] })
    await notebook.run(`
      const gate = new Event()
      const last = new Remote({ tags: ['leaving'], target: async () => { await gate.wait(); return 'done' } })
      await last.start()`)
    leaving.process.kill('SIGTERM')
    await leaving.stdout.waitFor(/ends when its 1 job/)
    const late = notebook.run(`
      const late = new Remote({ tags: ['leaving'], target: () => 1 })
      late.start()
      await gate.set()
      console.log(await last.result(), (await cluster.workers()).some(({ name, state }) => name === 'leaving' && state === 'ready'))
      late.kill()
      await late.join()`)
    assert.deepEqual(await late, ['done false'])
    assert.equal(await leaving.exited, 0)
    await allGone(leaving.mark)
  })

  test('close ends what runs, and what waits', async () => {
    const { notebook, redis } = context.open
    const lines = await notebook.run(`
      const other = await Cluster.connect('${redis.url}', { insecure: true })
      const [busy, waiting] = [[], ['quantum']].map(tags => new Process({ cluster: other, tags, target: () => { for (;;); } }))
      waiting.start()
      await busy.start()
      await other.close()
      await Promise.all([busy.join(), waiting.join()])
      const late = new Process({ cluster: other, target: () => 1 })
      late.start()
      console.log(busy.exitCode, waiting.exitCode, await late.join().catch(error => error.message))`)
    assert.deepEqual(lines, ['-9 -15 The connection with this cluster is closed: connect again, by Cluster.connect.'])
  })

  test('limits of time and memory hold there, too', async () => {
    const notebook = opened(context)
    assert.match((await notebook.attempt('%%cluster --timeout 300\nfor (;;);')).error?.evalue ?? '', /took longer than its --timeout of 300 ms/)
    const { error } = await notebook.attempt('%%cluster --memory 100\nconst all: unknown[] = []\nfor (;;) all.push(new Array(1e5).fill(Math.random()))')
    assert.match(error?.evalue ?? '', /Process-\d+@(one|two): OutOfMemory: it used \d+ MB/)
  })

  test('%jobs shows where each of them runs', async () => {
    const notebook = opened(context)
    await notebook.run("%%cluster --background --out far --name far\nawait new Promise(resolve => setTimeout(resolve, 1e6))")
    const { displays } = await notebook.attempt('%jobs')
    assert.match(String(displays[0]?.['text/plain']), /far@(one|two) +process +running/)
    await notebook.run('%jobs stop far')
    assert.deepEqual(await notebook.run('console.log(far.state)'), ['stopped'])
  })

  for (const [story, cell, says] of [
    ['a cluster that is none', 'new Process({ target: () => 1, cluster: "redis://x" as any })', /cluster is what Cluster\.connect resolves to/],
    ['tags without a cluster', "new Process({ target: () => 1, tags: ['gpu'] })", /tags is for what runs on a cluster/],
    ['tags that are no words', "new Remote({ target: () => 1, tags: ['a b'] })", /tags is an array of words/],
    ['a Pool of threads', "new Pool({ cluster, kind: 'thread' })", /A Pool of a cluster is of kind 'process'/],
    ['what can not travel', 'const server = require("net").createServer(); new Remote({ target: () => server.port }).start()', /server/]
  ] as const) {
    test(`${story} is told`, async () => {
      assert.match((await opened(context).attempt(cell)).error?.evalue ?? '', says)
    })
  }
})

describe('a cluster on this machine', { timeout: 60_000, ...needs('redis-server') }, () => {
  test('Cluster.local starts it, close ends it, and cells go on without', async () => {
    await using notebook = await openNotebook()
    const lines = await notebook.run(`
      import { Cluster } from 'paracell'
      const local = await Cluster.local({ machines: 2, concurrency: 1 })
      console.log((await local.workers()).map(({ name, concurrency }) => name + ' ' + concurrency).join())
      const pids = (await local.workers()).map(({ pid }) => pid)
      console.log(JSON.stringify(pids))`)
    assert.equal(lines[0], 'local-1 1,local-2 1')
    assert.equal((await notebook.run('%%cluster -n 2\nconsole.log(rank)')).length, 2)
    await notebook.run('await local.close()')
    await Promise.all((JSON.parse(lines[1] ?? '') as number[]).map(gone))
    assert.match((await notebook.attempt('%%cluster\n1')).error?.evalue ?? '', /connect with a cluster first/)
    assert.match((await notebook.run('%%cluster -n 2 --or-here\nconsole.log(rank)')).join(), /\[Process-\d+\] 0/)
  })

  test('it ends with the session', async () => {
    const notebook = await openNotebook()
    const [pids = ''] = await notebook.run(`
      import { Cluster } from 'paracell'
      console.log(JSON.stringify((await (await Cluster.local({ machines: 1 })).workers()).map(({ pid }) => pid)))`)
    await notebook[Symbol.asyncDispose]()
    await Promise.all((JSON.parse(pids) as number[]).map(gone))
  })
})

test('without a redis-server, Cluster.local says what to install', async () => {
  await using notebook = await openNotebook()
  const { error } = await notebook.attempt("import { Cluster } from 'paracell'\nprocess.env.PATH = '/nowhere'\nawait Cluster.local()")
  assert.match(error?.evalue ?? '', /needs the program redis-server or valkey-server.*apt install redis-server/)
})
