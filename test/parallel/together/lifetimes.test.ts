import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openNotebook, type Notebook } from './notebook.ts'

interface Life {
  readonly name: string
  /** In it, Kind is the kind of worker. */
  readonly code: string
  readonly prints: readonly string[]
  readonly warns?: RegExp
}

const GLUTTON = 'const all = []; for (;;) all.push(Array.from({ length: 1e4 }, (_, i) => ({ i })))'

const lives: readonly Life[] = [
  {
    name: 'a worker waits for those that it started',
    code: `
      const parent = new Kind({ target: () => {
        const child = new Kind({ target: async () => { await sleep(100); console.log('child') } })
        child.start()
        return activeChildren().map(child => child.daemon)
      } })
      parent.start()
      console.log(await parent.result())`,
    prints: ['child', '[ false ]'],
  },
  {
    name: 'but not for daemons, which end with it',
    code: `
      const [begun, told] = [new Event(), new Queue()]
      const parent = new Kind({ target: async () => {
        const child = new Kind({ name: 'helper', daemon: true, target: async () => { await begun.set(); await sleep(3_600_000) } })
        child.start()
        await begun.wait()
        return [child.daemon, activeChildren().length]
      } })
      parent.start()
      console.log(await parent.result())`,
    prints: ['[ true, 1 ]'],
  },
  {
    name: 'one that is killed takes those with it that it started, and theirs',
    code: `
      const [locks, begun] = [[new Lock(), new Lock(), new Lock()], new Semaphore(0)]
      const descend = async level => {
        await locks[level].acquire()
        await begun.release()
        if (level < 2) new Kind({ name: 'level ' + (level + 1), target: descend, args: [level + 1] }).start()
        await sleep(3_600_000)
      }
      const parent = new Kind({ name: 'level 0', target: descend, args: [0] })
      parent.start()
      for (const _ of locks) await begun.acquire()
      parent.kill()
      for (const lock of locks) await lock.acquire()
      console.log(await parent.join())`,
    prints: ['true'],
    warns: /level 2 ended while it held a Lock/,
  },
  {
    name: 'what it was to start later is not started when it has gone',
    code: `
      const fired = new Event()
      const parent = new Kind({ target: () => { new Timer({ interval: 50, daemon: true, function: () => fired.set() }).start() } })
      parent.start()
      await parent.join()
      console.log(await fired.wait({ timeout: 200 }))`,
    prints: ['false'],
  },
  {
    name: 'a worker that takes more memory than it may is ended, and what waits for it hears why',
    code: `
      const glutton = new Kind({ name: 'glutton', maxMemory: 120, target: () => { ${GLUTTON} } })
      const modest = new Kind({ maxMemory: 120, target: () => 'modest' })
      glutton.start()
      modest.start()
      await glutton.result().catch(error => console.log(error.remoteName, /glutton: .*its maxMemory of 120 MB/.test(error.message)))
      console.log(glutton.exitCode, await modest.result())`,
    prints: ['OutOfMemory true', '-9 modest'],
    warns: /glutton: .* maxMemory of 120 MB, and was ended\.\n/,
  },
  {
    name: 'buffers count, too',
    code: `
      const keeper = new Kind({ name: 'keeper', maxMemory: 120, target: async () => { const all = []; for (;;) { all.push(Buffer.alloc(1e7, 1)); await sleep(1) } } })
      keeper.start()
      await keeper.join()
      console.log(keeper.signal)`,
    prints: ['SIGKILL'],
    warns: /keeper: it used \d+ MB of memory, more than its maxMemory of 120 MB/,
  },
  {
    name: 'tells when it begins and how it ends, whenever it is asked',
    code: `
      const told = []
      const watch = async worker => { for await (const { type, worker: name, time, ...rest } of worker.events()) told.push([type, name, time instanceof Date, Object.keys(rest)].join()) }
      const good = new Kind({ name: 'good', target: () => 1 })
      const watching = watch(good)
      good.start()
      await watching
      await watch(good)
      const killed = new Kind({ name: 'killed', target: () => sleep(3_600_000) })
      await killed.start()
      killed.kill()
      await watch(killed)
      console.log(told.join(' '))
      console.log(good.startedAt <= good.endedAt && good.endedAt <= killed.startedAt)
      for await (const event of killed.events()) if (event.type === 'exit') console.log(event.exitCode, event.signal)`,
    prints: [[...['good', 'good'].flatMap(name => [`start,${name},true,pid`, `exit,${name},true,exitCode`]), 'start,killed,true,pid', 'exit,killed,true,exitCode,signal'].join(' '), 'true', '-9 SIGKILL'],
  },
  {
    name: 'tells of a failure with its error, and waits for news only as long as it may',
    code: `
      const bad = new Kind({ name: 'bad', maxMemory: 16, target: () => sleep(3_600_000) })
      await bad.events({ timeout: 10 }).next().catch(error => console.log(error.name))
      bad.start()
      for await (const event of bad.events()) console.log(event.type, event.error?.remoteName)`,
    prints: ['TimedOut', 'start undefined', 'exit OutOfMemory'],
    warns: /bad: it used/,
  },
  {
    name: 'a Timer that was cancelled only ends',
    code: `
      const timer = new Timer({ interval: 3_600_000, function: () => 1 })
      timer.start()
      timer.cancel()
      for await (const event of timer.events()) console.log(event.type, event.exitCode)`,
    prints: ['exit 0'],
  },
  {
    name: 'the active children are all of them, whoever started them here',
    code: `
      const { Pool } = await import('paracell')
      const never = new Event()
      const pool = new Pool({ kind: Kind === Thread ? 'thread' : 'process', size: 2 })
      const one = new Kind({ name: 'one', target: () => { new Kind({ name: 'not here', target: () => never.wait() }).start(); return never.wait() } })
      one.start()
      console.log(activeChildren().map(child => child.name + ' ' + child.daemon).join(', '))
      pool.terminate()
      one.kill()
      for (const child of activeChildren()) await child.join()
      console.log(activeChildren().length)`,
    prints: ['PoolWorker-1 true, PoolWorker-2 true, one false', '0'],
  },
  {
    name: 'a limit that is none is refused',
    code: `
      for (const maxMemory of [1, NaN, '64 MB']) try { new Kind({ target: () => 1, maxMemory }) } catch (error) { console.log(error.message) }`,
    prints: [1, NaN, '64 MB'].map(wrong => `maxMemory is a number of MB from 16 on, not ${wrong}.`),
  },
]

/** What is thrown in a worker, and how it reads there; `Uncaught` as in the session. */
const thrown: readonly { readonly code: string; readonly said: RegExp; readonly message: string }[] = [
  { code: 'throw 5', said: /^bad failed: Uncaught 5\n$/, message: 'bad: Uncaught 5' },
  { code: 'throw { a: [1] }', said: /^bad failed: Uncaught \{ a: \[ 1 \] \}\n$/, message: 'bad: Uncaught { a: [ 1 ] }' },
  { code: 'throw undefined', said: /^bad failed: Uncaught undefined\n$/, message: 'bad: Uncaught undefined' },
  { code: 'throw { [Symbol.for("nodejs.util.inspect.custom")]() { throw 1 } }', said: /Uncaught a value that cannot be shown/, message: 'bad: Uncaught a value that cannot be shown' },
  { code: 'throw new RangeError("far", { cause: new TypeError("near") })', said: /^bad failed: RangeError: far\n +at .*\n  \[cause\]: TypeError: near\n/s, message: 'far' },
  { code: 'Promise.reject(7); await new Promise(() => {})', said: /^bad failed: Uncaught 7\n$/, message: 'bad: Uncaught 7' },
  { code: 'setTimeout(() => { throw new Error("late") }); await new Promise(() => {})', said: /^bad failed: Error: late\n/, message: 'late' },
]

for (const kind of ['Thread', 'Process']) {
  describe(`lifetimes of a ${kind}`, { timeout: 120_000 }, () => {
    let notebook: Notebook
    before(async () => {
      notebook = await openNotebook()
      await notebook.run(`const Kind = ${kind}`)
    })
    after(() => notebook[Symbol.asyncDispose]())

    for (const { name, code, prints, warns } of lives) {
      test(name, async () => {
        const { stdout, stderr, error } = await notebook.attempt(`{\n${code}\n}`)
        assert.equal(error, undefined)
        assert.deepEqual(stdout.split('\n').slice(0, -1), prints)
        if (warns) await notebook.printed(warns)
        else assert.equal(stderr, '')
      })
    }

    for (const { code, said, message } of thrown) {
      test(`reads as in the session: ${code}`, async () => {
        const { stderr, error } = await notebook.attempt(`{ const bad = new Kind({ name: 'bad', target: async () => { ${code} } }); bad.start(); await bad.result() }`)
        assert.match(stderr, said)
        assert.equal(error?.evalue, message)
      })
    }

    test('an error has its causes', async () => {
      const lines = await notebook.run(`{
        const bad = new Kind({ target: () => { const near = new TypeError('near'); near.cause = near; throw new Error('far', { cause: new RangeError('middle', { cause: near }) }) } })
        bad.start()
        await bad.result().catch(({ cause }) => console.log([cause, cause.cause, cause.cause.cause].map(String).join(), cause.stack.includes('cell-')))
      }`)
      assert.deepEqual(lines, ['RangeError: middle,TypeError: near,TypeError: near true'])
    })

    test('who waits for the events of one that nobody has started is told', async () => {
      await notebook.run(`const late = new Kind({ name: 'late', target: () => 1 }); const seen = (async () => { for await (const { type } of late.events()) console.log(type) })()`)
      await notebook.printed(/late is not started: events\(\) waits for start\(\)\.\n/)
      assert.deepEqual(await notebook.run('late.start(); await seen'), ['start', 'exit'])
    })

    test('functions and classes that come by a Queue name their lines in the cell', async () => {
      const lines = await notebook.run(`
        interface Removed {
          text: string
        }
        const fails = (given: Removed): never => {
          throw new Error(given.text)
        }
        class Thrower {
          throw(): never {
            throw new Error('thrown') } }
        const queue = new Queue<any>()
        await queue.put([fails, new Thrower()])
        const there = new Kind({ target: async () => { const [f, t] = await queue.get(); return [() => f({ text: 'x' }), () => t.throw()].map(call => { try { call() } catch (error) { return /:(\\d+):\\d+\\)/.exec(error.stack)[1] } }) } })
        there.start()
        console.log(await there.result())`)
      assert.deepEqual(lines, ["[ '6', '10' ]"])
    })

    test('queues have other orders than first in, first out, wherever they are used', async () => {
      const lines = await notebook.run(`{
        const [stack, urgent] = [new LifoQueue(), new PriorityQueue()]
        const fill = new Kind({ target: async () => {
          for (let i = 0; i < 200; i++) { await stack.put(i); await urgent.put(i, { priority: i % 3 }) }
          await urgent.put({ late: true }, { priority: -0.5 })
          await urgent.put('none')
          for (const queue of [stack, urgent]) queue.close()
        } })
        fill.start()
        await fill.join()
        const drain = async queue => { const all = []; for await (const item of queue) all.push(item); return all }
        const drained = new Kind({ target: async () => [await drain(stack), stack instanceof LifoQueue, urgent instanceof PriorityQueue] })
        drained.start()
        const [all, ...kinds] = await drained.result()
        console.log(all.every((item, i) => item === 199 - i), all.length, kinds.join())
        const [first, ...rest] = await drain(urgent)
        console.log(first.late, rest.slice(0, 3).join(), rest[67], rest.slice(68, 70).join(), rest.at(-1), rest.length)
        const small = new PriorityQueue(2)
        await small.put('b', { priority: 2 })
        await small.putNowait('a', { priority: 1 })
        console.log(await small.putNowait('c').catch(error => error.name), await small.get(), await small.getNowait(), await small.put(1, { priority: 'x' }).catch(error => error.message))
      }`)
      assert.deepEqual(lines, ['true 200 true,true', 'true 0,3,6 none 1,4 197 201', 'QueueFull a b priority is a number, of which lower ones go first, not \'x\'.'])
    })

    test('a worker handles itself what nobody else caught, if it says so', async () => {
      const lines = await notebook.run(`{
        const careful = new Kind({ target: () => new Promise(resolve => { process.once('unhandledRejection', resolve); Promise.reject(7) }) })
        careful.start()
        console.log(await careful.result(), careful.exitCode)
      }`)
      assert.deepEqual(lines, ['7 0'])
    })

    test('all that a worker printed is out before its result', async () => {
      const lines = await notebook.run(`{
        const talker = new Kind({ target: () => { const line = 'x'.repeat(999); for (let i = 0; i < 20_000; i++) console.log(line); return 'result' } })
        talker.start()
        console.log(await talker.result())
      }`)
      assert.equal(lines.length, 20_001)
      assert.equal(lines.at(-1), 'result')
    })
  })
}

describe('start methods', { timeout: 60_000 }, () => {
  let notebook: Notebook
  before(async () => {
    notebook = await openNotebook()
    await notebook.run(`
      const titleOf = async (options: object) => { const child = new Process({ target: () => [process.title === 'paracell process', getStartMethod()], ...options }); child.start(); return child.result() }`)
  })
  after(() => notebook[Symbol.asyncDispose]())

  test('a process is forked unless it is to be spawned', { skip: process.platform !== 'linux' }, async () => {
    const lines = await notebook.run("console.log(getStartMethod(), await titleOf({}), await titleOf({ startMethod: 'spawn' }), await titleOf({}))")
    assert.deepEqual(lines, ["forkserver [ true, 'forkserver' ] [ false, 'spawn' ] [ true, 'forkserver' ]"])
  })

  test('what is set holds for all, those included that processes start', async () => {
    const lines = await notebook.run(`
      setStartMethod('spawn')
      const outer = new Process({ target: () => titleOf({}) })
      outer.start()
      console.log(getStartMethod(), await outer.result())`)
    assert.deepEqual(lines, ["spawn [ false, 'spawn' ]"])
  })

  for (const [method, message] of [['fork', /a session has threads/], ['thread', /There are 'forkserver' and 'spawn'/]] as const) {
    test(`${method} is refused`, async () => {
      const { error } = await notebook.attempt(`setStartMethod('${method}' as any)`)
      assert.equal(error?.ename, 'UsageError')
      assert.match(error?.evalue ?? '', message)
    })
  }
})
