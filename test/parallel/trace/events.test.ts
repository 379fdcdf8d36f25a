import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openNotebook, type Notebook } from '../together/notebook.ts'

/** What a cell does, and the facts of its trace that must hold: times are left out. */
interface Case {
  readonly name: string
  /** Declarations at the notebook's top level. */
  readonly setup?: string
  readonly work: string
  /** An expression over `events`, `workers` and `traced`. */
  readonly asks: string
  readonly says: unknown
}

const cases: readonly Case[] = [
  {
    name: 'what the function returns',
    work: 'return 42',
    asks: '[traced.value, events.length, traced.duration > 0]',
    says: [42, 0, true]
  },
  {
    name: 'starts, ends and joins of both kinds',
    work: `
      const workers = [new Process({ target: () => undefined, name: 'p' }), new Thread({ target: () => { throw new RangeError('no') }, name: 't' })]
      for (const worker of workers) { worker.start(); await worker.join() }`,
    asks: `events.map(({ type, worker, by, who, action, on, exitCode, error }) => [type, worker ?? who, by ?? action ?? exitCode, on ?? error].filter(each => each !== undefined).join(' '))`,
    says: ['start p MainThread', 'wait MainThread join p', 'end p 0', 'start t MainThread', 'wait MainThread join t', 'end t 1 RangeError: no']
  },
  {
    name: 'names, kinds and pids of workers, the same name twice',
    work: `
      const workers = [new Process({ target: () => undefined, name: '工人 #1; "x"' }), new Thread({ target: () => undefined, name: '工人 #1; "x"' })]
      for (const worker of workers) worker.start()
      for (const worker of workers) await worker.join()`,
    asks: `workers.map(({ name, kind, pid, ran, ended }) => [name, kind, pid === process.pid, (ran ?? -1) < (ended ?? Infinity)])`,
    says: [['MainThread', 'main', true, true], ['工人 #1; "x"', 'process', false, true], ['工人 #1; "x" (2)', 'thread', true, true]]
  },
  {
    name: 'what a Value is, and who waits for its lock',
    setup: 'const total = new Value(0), big = new Value(1n), asked = new Queue()',
    work: `
      await total.set(5); await big.get()
      await total.getLock().with(async () => {
        const child = new Process({ name: 'p', target: async () => { const added = total.getLock().with(() => total.add(2)); await asked.put('the lock'); await added } })
        child.start()
        await asked.get()
      })
      for (const child of activeChildren()) await child.join()`,
    asks: `events.filter(({ type, on }) => type === 'signal' || on === 'total.getLock()').map(({ type, who, action, on, value }) => [type, who, action, on, value].filter(each => each !== undefined).join(' '))`,
    says: ['signal MainThread set total 5', 'signal MainThread get big 1', 'hold MainThread total.getLock()', 'wait p acquire total.getLock()', 'hold p total.getLock()', 'signal p add total 7']
  },
  {
    name: 'programs of the system, whichever way they are started and wherever',
    setup: "import { call, run, spawn } from 'paracell'; import { execSync, spawn as start } from 'node:child_process'; import { once } from 'node:events'",
    work: `
      await run(['echo', 'ran'])
      await call('exit 3')
      await using endless = spawn(['sleep', '60'])
      while (endless.pid === undefined) await sleep(1)
      endless.terminate()
      await endless.wait()
      try { execSync('exit 4', { stdio: 'ignore' }) } catch {}
      await once(start('true'), 'exit')
      await once(start('no-such-program').on('error', () => undefined), 'error', {}).catch(() => undefined)
      const workers = [Process, Thread].map(Kind => new Kind({ name: Kind.name, target: async () => { await run('echo "in a worker"') } }))
      for (const worker of workers) { worker.start(); await worker.join() }`,
    asks: `events.filter(({ type }) => type === 'program').map(({ who, command, pid, at, until, exitCode, signal }) => [who, command, (pid ?? 1) > 0 && at <= until, signal ?? exitCode])`,
    says: [
      ['MainThread', 'echo ran', true, 0], ['MainThread', 'exit 3', true, 3], ['MainThread', 'sleep 60', true, 'SIGTERM'], ['MainThread', 'exit 4', true, 4],
      ['MainThread', 'true', true, 0], ['Process', 'echo "in a worker"', true, 0], ['Thread', 'echo "in a worker"', true, 0]
    ]
  },
  {
    name: 'nobody who waited all the time for what never came, as idle workers of a pool do',
    setup: "const idle = new Pool({ size: 2, kind: 'thread' }); await idle.map((n: number) => n, [1, 2, 3])",
    work: 'await sleep(10)',
    asks: '[workers.map(({ name }) => name), events.length]',
    says: [['MainThread'], 0]
  },
  {
    name: 'items of a queue, by the variable that it is in',
    setup: 'const letters = new Queue()',
    work: `
      const child = new Process({ name: 'p', target: async () => { for (const item of ['一', 2, { a: [1] }, new Uint8Array(5)]) await letters.put(item) } })
      child.start()
      for (let i = 0; i < 4; i++) await letters.get()
      await child.join()`,
    asks: `events.filter(({ type }) => type === 'message').map(({ from, to, through, item, bytes, at, received }) => [from, to, through, item, item.startsWith('{') ? bytes > 5 : bytes, at <= received])`,
    says: [['p', 'MainThread', 'letters', "'一'", 3, true], ['p', 'MainThread', 'letters', '2', undefined, true], ['p', 'MainThread', 'letters', '{ a: [ 1 ] }', true, true], ['p', 'MainThread', 'letters', 'Uint8Array', 5, true]]
  },
  {
    name: 'thousands of small items, from a thread and from a process, none lost or mixed up',
    setup: 'const many = new Queue()',
    work: `
      const put = async (first: number) => { for (let i = 0; i < 3000; i++) await many.put(first + i) }
      const workers = [new Thread({ name: 't', target: put, args: [0] }), new Process({ name: 'p', target: put, args: [10_000] })]
      for (const worker of workers) worker.start()
      for (let i = 0; i < 6000; i++) await many.get()
      for (const worker of workers) await worker.join()`,
    asks: `[events.filter(({ type, to }) => type === 'message' && to === 'MainThread').length, events.filter(({ type, from, item }) => type === 'message' && (from === 't') !== (Number(item) < 10_000)).length]`,
    says: [6000, 0]
  },
  {
    name: 'items that were there before the trace belong to nobody',
    setup: `const old = new Queue()
      for (let i = 0; i < 3; i++) await old.put('old')`,
    work: `await old.put('new')
      for (let i = 0; i < 4; i++) await old.get()
      await old.put('left')`,
    asks: `events.filter(({ type }) => type === 'message').map(({ item, to }) => [item, to])`,
    says: [["'new'", 'MainThread'], ["'left'", undefined]]
  },
  {
    name: 'an item for somebody who has waited since before the trace',
    setup: `const early = new Queue(), waits = new Queue()
      const waiter = new Thread({ name: 'waiter', target: async () => { const item = early.get(); await waits.put(0); await item } })
      waiter.start()
      await waits.get()`,
    work: `await early.put(1)
      await waiter.join()`,
    asks: `events.filter(({ type }) => type === 'message').map(({ item, to }) => [item, to])`,
    says: [['1', 'waiter']]
  },
  {
    name: 'a full queue: who waits for room',
    setup: 'const narrow = new Queue({ maxsize: 1 }), waiting = new Queue()',
    work: `
      const child = new Thread({ name: 't', target: async () => { const both = [narrow.put(1), narrow.put(2)]; await waiting.put(0); await Promise.all(both) } })
      child.start()
      await waiting.get()
      await narrow.get()
      await narrow.get()
      await child.join()
      await narrow.put(3)
      await narrow.put(4, { timeout: 1 }).catch(() => undefined)`,
    asks: `events.filter(({ type, action, item }) => action === 'put' || (type === 'message' && item !== '0')).map(({ type, item, who, outcome, to }) => [type, item ?? who, to ?? outcome])`,
    says: [['message', '1', 'MainThread'], ['wait', 't', 'done'], ['message', '2', 'MainThread'], ['message', '3', undefined], ['wait', 'MainThread', 'given up']]
  },
  {
    name: 'who had a lock, and who waited for it how long',
    setup: 'const lock = new Lock(), free = new Event(), waited = new Event()',
    work: `
      const first = new Thread({ name: 'first', target: () => lock.with(async () => { await free.set(); await waited.wait(); await sleep(10) }) })
      first.start()
      await free.wait()
      const second = lock.with(() => undefined)
      await waited.set()
      await second
      await first.join()`,
    asks: `events.filter(({ on, type }) => on === 'lock' && type !== 'start').map(({ type, who, at, until }) => [type, who, type === 'wait' ? until - at > 5 : until > at])`,
    says: [['hold', 'first', true], ['wait', 'MainThread', true], ['hold', 'MainThread', true]]
  },
  {
    name: 'an RLock that is acquired twice is held once',
    setup: 'const again = new RLock()',
    work: 'await again.with(() => again.with(() => undefined))',
    asks: `events.map(({ type, on, until }) => [type, on, until > 0])`,
    says: [['hold', 'again', true]]
  },
  {
    name: 'events, conditions, barriers, semaphores',
    setup: 'const at = new Queue(), go = new Event(), change = new Condition(), one = new Semaphore(0), both = new Barrier(2)',
    work: `
      const child = new Process({ name: 'p', target: async () => {
        // The hub hears of the waiting before the item.
        const told = async (waits: Promise<unknown>) => { await at.put(0); await waits }
        await told(go.wait())
        await change.acquire()
        await told(change.wait())
        await change.release()
        await told(one.acquire())
        await told(both.wait())
      } })
      child.start()
      for (const act of [() => go.set(), () => change.with(() => change.notify()), () => one.release(), () => both.wait()]) {
        await at.get()
        await act()
      }
      await child.join()`,
    asks: `events.filter(({ type, who, action }) => type === 'signal' || (type === 'wait' && who === 'p')).map(({ who, action, on }) => [who, action, on])`,
    says: [['p', 'wait', 'go'], ['MainThread', 'set', 'go'], ['p', 'wait', 'change'], ['MainThread', 'notify', 'change'], ['p', 'acquire', 'one'], ['MainThread', 'release', 'one'], ['p', 'wait', 'both']]
  },
  {
    name: 'pipes, by both of their ends',
    setup: 'const [here, there] = Pipe()',
    work: `
      const child = new Process({ name: 'p', target: async () => { await there.send(Number(await there.recv()) + 1) } })
      child.start()
      await here.send(1)
      await here.recv()
      await child.join()`,
    asks: `events.filter(({ type }) => type === 'message').map(({ from, to, through, item }) => [from, to, through, item])`,
    says: [['MainThread', 'p', 'here/there', '1'], ['p', 'MainThread', 'here/there', '2']]
  },
  {
    name: 'a worker that is killed while it waits and holds',
    setup: 'const held = new Lock(), never = new Queue(), holds = new Event()',
    work: `
      const child = new Process({ name: 'p', target: async () => { await held.acquire(); const item = never.get(); await holds.set(); await item } })
      child.start()
      await holds.wait()
      child.kill()
      await child.join()`,
    asks: `events.filter(({ who, worker, type }) => type !== 'signal' && type !== 'start' && (who ?? worker) === 'p').map(({ type, outcome, exitCode, signal, until }) => [type, outcome ?? signal ?? until > 0, exitCode])`,
    says: [['hold', true, undefined], ['wait', 'ended', undefined], ['end', 'SIGKILL', -9]]
  },
  {
    name: 'workers that outlive the trace, and locks without a variable',
    work: `
      const lock = new Lock()
      const child = new Thread({ name: 'long', target: () => lock.with(() => sleep(300)) })
      await child.start()
      while (!(await lock.locked())) await sleep(1)`,
    asks: `[workers.map(({ name, ended }) => [name, ended]), events.map(({ type, on, until }) => [type, on, until])]`,
    says: [[['MainThread', undefined], ['long', undefined]], [['start', undefined, undefined], ['hold', 'Lock 1', undefined]]]
  },
  {
    name: 'the tasks and results of a pool',
    setup: "const { Pool } = await import('paracell')\nconst pool = new Pool({ size: 1 })",
    work: 'for (const n of [1, 2]) await pool.map((n: number) => n, [n])',
    asks: `events.filter(({ type }) => type === 'message').map(({ from, to, through, item }) => [from, to, through, item])`,
    says: [['MainThread', 'PoolWorker-1', 'Pool', 'item 0'], ['PoolWorker-1', 'MainThread', 'Pool', 'done'], ['MainThread', 'PoolWorker-1', 'Pool', 'item 0'], ['PoolWorker-1', 'MainThread', 'Pool', 'done']]
  },
  {
    name: 'a trace within a trace has only its own part',
    setup: 'const inner = new Queue()',
    work: `
      await inner.put('before')
      inside = await trace(async () => { await inner.put('within') }, { show: false })
      await inner.put('after')`,
    asks: `[inside, traced].map(({ events }) => events.filter(({ type, item }) => type === 'message' && item !== "'before'").map(({ item }) => item))`,
    says: [["'within'"], ["'within'", "'after'"]]
  }
]

describe('what a trace tells', { timeout: 120_000 }, () => {
  let notebook: Notebook
  before(async () => {
    notebook = await openNotebook()
    await notebook.run('let inside: any, traced: any')
  })
  after(() => notebook[Symbol.asyncDispose]())

  for (const { name, setup = '', work, asks, says } of cases) {
    test(name, async () => {
      await notebook.run(setup)
      const [line = ''] = await notebook.run(`traced = await trace(async () => {\n${work}\n}, { show: false })
        { const { events, workers } = traced; console.log(JSON.stringify(${asks}, (_, value) => value === undefined ? '–' : value)) }`)
      assert.deepEqual(JSON.parse(line), JSON.parse(JSON.stringify(says, (_, value: unknown) => (value === undefined ? '–' : value))))
    })
  }
})
