import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openNotebook, type Notebook } from './notebook.ts'

interface Fault {
  readonly name: string
  /** In it, Kind is the kind of worker. */
  readonly code: string
  readonly prints: readonly string[]
  readonly warns?: RegExp
}

const faults: readonly Fault[] = [
  {
    name: 'a killed worker that waits for an item takes none with it',
    code: `
      const [queue, there] = [new Queue(), new Event()]
      const victim = new Kind({ target: async () => { const got = queue.get(); await there.set(); await got } })
      victim.start()
      await there.wait()
      victim.kill()
      await victim.join()
      await queue.put('mine')
      console.log(await queue.get({ timeout: 5000 }))`,
    prints: ['mine'],
  },
  {
    name: 'a killed worker gives back what it had ahead',
    code: `
      const [queue, there, never] = [new Queue(), new Event(), new Event()]
      for (let i = 0; i < 1000; i++) await queue.put(i)
      const victim = new Kind({ target: async () => { for (let i = 0; i < 500; i++) await queue.get(); await there.set(); await never.wait() } })
      victim.start()
      await there.wait()
      victim.kill()
      await victim.join()
      queue.close()
      const rest = []
      for await (const item of queue) rest.push(item)
      console.log(rest.length, rest[0], rest.at(-1))`,
    prints: ['500 500 999'],
  },
  ...['Lock', 'RLock'].map(name => ({
    name: `a killed worker leaves its ${name} to the next, who is told`,
    code: `
      const [lock, held, never] = [new ${name}(), new Event(), new Event()]
      const victim = new Kind({ name: 'victim', target: async () => { await lock.acquire(); await held.set(); await never.wait() } })
      victim.start()
      await held.wait()
      const mine = lock.acquire()
      victim.kill()
      console.log(await mine)
      await lock.release()
      await victim.join()`,
    prints: ['true'],
    warns: new RegExp(`victim ended while it held a ${name}, which is released now\\.`),
  })),
  {
    name: 'a worker that returns without releasing its lock is told of, too',
    code: `
      const lock = new Lock()
      const careless = new Kind({ name: 'careless', target: async () => { await lock.acquire() } })
      careless.start()
      await careless.join()
      console.log(await lock.acquire(), careless.exitCode)
      await lock.release()`,
    prints: ['true 0'],
    warns: /careless ended while it held a Lock/,
  },
  ...['Semaphore', 'BoundedSemaphore'].map(name => ({
    name: `a killed worker's permits of a ${name} are had by others`,
    code: `
      const [semaphore, held, never] = [new ${name}(2), new Event(), new Event()]
      const victim = new Kind({ name: 'victim', target: async () => { await semaphore.acquire(); await semaphore.acquire(); await held.set(); await never.wait() } })
      victim.start()
      await held.wait()
      victim.kill()
      console.log(await semaphore.acquire(), await semaphore.acquire(), await semaphore.acquire({ wait: false }))
      await victim.join()`,
    prints: ['true true false'],
    warns: new RegExp(`victim ended while it held 2 permits of a ${name}, released now\\.`),
  })),
  {
    name: 'a worker that ends in order keeps the signals that it took',
    code: `
      const signals = new Semaphore(2)
      const reader = new Kind({ target: async () => { await signals.acquire() } })
      reader.start()
      await reader.join()
      console.log(await signals.acquire({ wait: false }), await signals.acquire({ wait: false }))`,
    prints: ['true false'],
  },
  {
    name: 'a barrier breaks when a party is killed',
    code: `
      const barrier = new Barrier(3)
      const victim = new Kind({ target: () => barrier.wait() })
      const other = new Kind({ target: () => barrier.wait().catch(error => error.name) })
      victim.start()
      other.start()
      while ((await barrier.waiting()) < 2) await sleep(1)
      victim.kill()
      console.log(await other.result(), await barrier.broken())
      await victim.join()`,
    prints: ['BrokenBarrierError true'],
  },
  {
    name: 'a barrier breaks when its action fails',
    code: `
      const barrier = new Barrier(2, { action: () => { throw new RangeError('no') } })
      const party = new Kind({ target: () => barrier.wait().catch(error => error.name) })
      party.start()
      const mine = await barrier.wait().catch(error => error.name)
      console.log([mine, await party.result()].sort().join())`,
    prints: ['BrokenBarrierError,RangeError'],
  },
  {
    name: 'a killed worker that waits in a condition is not notified instead of another one',
    code: `
      const [condition, waiting] = [new Condition(), new Semaphore(0)]
      const wait = async () => { await condition.with(async () => { await waiting.release(); await condition.wait() }); return 'notified' }
      const victim = new Kind({ target: wait })
      victim.start()
      await waiting.acquire()
      const other = new Kind({ target: wait })
      other.start()
      await waiting.acquire()
      victim.kill()
      await victim.join()
      await condition.with(() => condition.notify())
      console.log(await other.result())`,
    prints: ['notified'],
  },
  {
    name: 'the other end of a pipe hears when the worker that had it failed',
    code: `
      const [here, there] = Pipe()
      const victim = new Kind({ target: async () => { await there.send('last words'); await there.recv() } })
      victim.start()
      console.log(await here.recv())
      victim.kill()
      await here.recv().catch(error => console.log(error.name))
      await here.send('late').catch(error => console.log(error.name))
      await victim.join()`,
    prints: ['last words', 'ConnectionClosed', 'ConnectionClosed'],
  },
  {
    name: 'who reads from a pipe hears when all that had the other end have returned, until somebody has it again',
    code: `
      const [here, there] = Pipe()
      const give = async (...words) => { const worker = new Kind({ target: async () => { for (const word of words) await there.send(word) } }); worker.start(); return worker }
      await give('one', 'two')
      for await (const word of here) console.log(word)
      console.log(await here.poll(), await here.recv().catch(error => error.name + ': ' + error.message))
      const last = await give()
      console.log(await here.recv().catch(error => error.name), await last.join(), last.exitCode)
      await here.send('kept')
      const reader = new Kind({ target: (end) => end.recv(), args: [there] })
      reader.start()
      console.log(await reader.result())
      const quitter = new Kind({ target: async end => { await end.send('bye'); process.exit(0) }, args: [there] })
      quitter.start()
      console.log(await here.recv(), await here.recv().catch(error => error.name), await quitter.join(), quitter.exitCode)
      const both = new Kind({ target: async end => { const inner = new Kind({ target: () => end.send('inner') }); inner.start(); await inner.join(); await sleep(1); await end.send('outer') }, args: [there] })
      both.start()
      console.log(await here.recv(), await here.recv())
      await both.join()
      await there.send('by myself')
      console.log(await here.recv())`,
    prints: ['one', 'two', 'true ConnectionClosed: All that were given the other end of the Pipe have ended.', 'ConnectionClosed true 0', 'kept', 'bye ConnectionClosed true 0', 'inner outer', 'by myself'],
  },
  {
    name: 'who reads from a pipe hears when a worker that was given the other end never came up',
    code: `
      const [here, there] = Pipe()
      const never = new Kind({ target: () => there.send('never') })
      const reading = here.recv().catch(error => error.name)
      void never.start()
      never.kill()
      console.log(await never.join(), ['ConnectionClosed', 'never'].includes(await reading))`,
    prints: ['true true'],
  },
  {
    name: 'what a worker put before it exits arrives, though it waited for nothing',
    code: `
      const queue = new Queue()
      const worker = new Kind({ target: async () => { await queue.put(-1); for (let i = 0; i < 2000; i++) queue.put(i); process.exit(3) } })
      worker.start()
      await worker.join()
      const got = []
      for (let i = -1; i < 2000; i++) got.push(await queue.get({ timeout: 5000 }))
      console.log(got.length, got.at(-1), worker.exitCode)`,
    prints: ['2001 1999 3'],
  },
]

for (const kind of ['Thread', 'Process']) {
  describe(`faults of a ${kind}`, { timeout: 120_000 }, () => {
    let notebook: Notebook
    before(async () => {
      notebook = await openNotebook()
      await notebook.run(`const Kind = ${kind}`)
    })
    after(() => notebook[Symbol.asyncDispose]())

    for (const { name, code, prints, warns } of faults) {
      test(name, async () => {
        const { stdout, stderr, error } = await notebook.attempt(`{\n${code}\n}`)
        assert.equal(error, undefined)
        assert.deepEqual(stdout.split('\n').slice(0, -1), prints)
        if (warns) assert.match(stderr, warns)
      })
    }

    test('workers that wait for each other are told of, and only those', async () => {
      const deadlocked = notebook.attempt(`{
        const locks = Array.from({ length: 4 }, () => new Lock())
        const meet = new Barrier(4)
        const embrace = async (mine, other, patient) => {
          await mine.acquire()
          if (patient) setTimeout(() => mine.release(), 3_600_000)
          await meet.wait()
          await other.acquire()
        }
        const names = ['first', 'second', 'patient', 'waiting']
        const workers = names.map((name, i) => new Kind({ name, target: embrace, args: [locks[i], locks[i ^ 1], name === 'patient'] }))
        for (const worker of workers) worker.start()
        for (const worker of workers) await worker.join()
      }`)
      await notebook.printed(/Deadlock.*\n/)
      await notebook.interrupt()
      const { stderr } = await deadlocked
      assert.match(stderr, /Deadlock: (first|second) waits for a Lock that (first|second) holds, (first|second) waits for a Lock that (first|second) holds, and MainThread waits for the end of first\./)
      assert.doesNotMatch(stderr, /(patient|waiting) waits/)
    })

    test('workers that wait for items that only they could put are told of', async () => {
      const deadlocked = notebook.attempt(`{
        const [ping, pong] = [new Queue(), new Queue()]
        const pass = async (from, to) => to.put(await from.get())
        const players = [new Kind({ name: 'left', target: pass, args: [ping, pong] }), new Kind({ name: 'right', target: pass, args: [pong, ping] })]
        for (const player of players) player.start()
        await players[0].join()
      }`)
      await notebook.printed(/Deadlock.*\n/)
      await notebook.interrupt()
      const { stderr } = await deadlocked
      assert.match(stderr, /(left|right) waits for an item of a Queue, (left|right) waits for an item of a Queue, and MainThread waits for the end of left\./)
    })

    test('while a further cell may put what somebody waits for, nobody is told of but who waits for a lock', async () => {
      await notebook.run(`
        const [inbox, inner, outer] = [new Queue(), new Lock(), new Lock()]
        const patient = new Kind({ name: 'patient', target: () => inbox.get() })
        const meeting = new Barrier(2)
        const cross = async (mine, other) => { await mine.acquire(); await meeting.wait(); await other.acquire() }
        const crossing = [new Kind({ name: 'first', target: cross, args: [inner, outer] }), new Kind({ name: 'second', target: cross, args: [outer, inner] })]
        for (const worker of [patient, ...crossing]) worker.start()`)
      const told = await notebook.printed(/Deadlock.*\n/)
      const [said] = await notebook.run('for (const worker of crossing) worker.kill(); await inbox.put("more"); console.log(await patient.result())')
      assert.equal(said, 'more')
      assert.doesNotMatch(told, /patient|MainThread/)
    })

    test('a thread that waits in a worker is told of', async () => {
      await notebook.run('const door = new Lock(); await door.acquire()')
      const deadlocked = notebook.attempt(`{
        const outer = new Kind({ name: 'outer', target: async () => {
          const inner = new Thread({ name: 'inner', target: () => door.acquire() })
          inner.start()
          await inner.join()
        } })
        outer.start()
        await outer.join()
      }`)
      const told = await notebook.printed(/Deadlock.*\n/)
      await notebook.interrupt()
      await deadlocked
      assert.match(told, /inner waits for the Lock door that MainThread holds, /)
      for (const other of ['MainThread waits for the end of outer', 'outer waits for the end of inner']) assert.ok(told.includes(other), told)
    })

    test('the tasks of a pool are told of, and what they wait for by its name', async () => {
      await notebook.run('const desk = new Lock(); await desk.acquire()')
      const deadlocked = notebook.attempt(`await using pool = new Pool({ size: 1, kind: '${kind.toLowerCase()}' }); await pool.map(n => desk.with(() => n), [1, 2])`)
      const told = await notebook.printed(/Deadlock.*\n/)
      await notebook.interrupt()
      await deadlocked
      assert.match(told, /MainThread waits for the workers of a Pool and PoolWorker-1 waits for the Lock desk that MainThread holds\./)
    })

    test('an interrupt ends what the cell waits for, and nothing is given to it later', async () => {
      await notebook.run('const [queue, lock] = [new Queue(), new Lock()]; await lock.acquire()')
      const waiting = notebook.attempt(`console.log('waiting'); try { await Promise.all([queue.get(), lock.acquire()]) } finally { console.log('cleaned up') }`)
      await notebook.printed(/waiting/)
      await notebook.interrupt()
      assert.equal((await waiting).error?.ename, 'KeyboardInterrupt')
      const lines = await notebook.run('await queue.put("kept"); await lock.release(); console.log(await queue.get(), await lock.acquire({ wait: false }))')
      assert.equal(lines.at(-1), 'kept true')
    })
  })
}

/** Ways to wake the notebook in which the hub has no part: `begin` prepares what `wait` waits for. */
const wakers: readonly { readonly name: string; readonly begin: string; readonly wait: string }[] = [
  { name: 'a thread may release a Lock that is held elsewhere', begin: 'await gate.acquire(); later(() => gate.release())', wait: 'gate.acquire()' },
  { name: 'a thread may resolve a promise of the notebook', begin: 'gone.promise.then(() => crossing[0].kill()); later(() => gone.resolve(1))', wait: 'inner.acquire()' },
  {
    name: 'a thread may change memory',
    begin: 'const words = new Int32Array(new SharedArrayBuffer(4)); Atomics.waitAsync(words, 0, 0).value.then(() => crossing[0].kill()); later(() => Atomics.notify(words, 0))',
    wait: 'inner.acquire()'
  }
]

describe('threads in Atomics.wait', { timeout: 240_000 }, () => {
  const memory = 'const memory = new Int32Array(new SharedArrayBuffer(8))'

  test('are told of when nobody is left to notify them, by the cell that runs in them, too', async () => {
    await using notebook = await openNotebook()
    await notebook.run(memory)
    const deadlocked = notebook.attempt('%%thread -n 2 --name T\nAtomics.wait(memory, rank, 0)')
    const told = await notebook.printed(/Deadlock.*\n/)
    await notebook.interrupt()
    assert.equal((await deadlocked).error?.ename, 'KeyboardInterrupt')
    assert.match(told, /T-?\w* waits for an Atomics\.notify, T-?\w* waits for an Atomics\.notify, and MainThread waits for the end of T/)
  })

  test('are told of again when it is another one, in a thread that was used before', async () => {
    await using notebook = await openNotebook()
    await notebook.run(`${memory}\nconst wait = () => Atomics.wait(memory, 0, 0)`)
    for (let round = 0; round < 2; round++) {
      const deadlocked = notebook.attempt("const t = new Thread({ target: wait }); t.start(); await t.join()")
      await notebook.printed(/Deadlock: Thread-\d+ waits for an Atomics\.notify and MainThread waits for the end of Thread-\d+\./)
      await notebook.interrupt()
      await deadlocked
      await notebook.run('const other = new Thread({ target: () => 1 }); other.start(); await other.join()')
    }
  })

  test('are not told of where a further thread, or the notebook, may notify them', async () => {
    await using notebook = await openNotebook()
    await notebook.run(memory)
    const { stdout, stderr } = await notebook.attempt(`
      const waiting = [0, 1].map(i => new Thread({ target: () => Atomics.wait(memory, i, 0) }))
      const waking = new Thread({ target: async () => { await sleep(4000); return Atomics.notify(memory, 0) } })
      for (const thread of [...waiting, waking]) thread.start()
      console.log(await waiting[0].result())
      setTimeout(() => Atomics.notify(memory, 1), 4000)
      console.log(await waiting[1].result())`)
    assert.deepEqual([stdout, stderr], ['ok\nok\n', ''])
  })

  test('say so in %jobs, and are as ever', async () => {
    await using notebook = await openNotebook()
    await notebook.run(`${memory}\nconst begun = new Event()`)
    await notebook.run("const t = new Thread({ target: async () => { await begun.set(); return [Atomics.wait(memory, 0, 0, 1), Atomics.wait(memory, 0, 1), Atomics.wait(memory, 0, 0)] } }); t.start(); await begun.wait()")
    const jobs = async () => (await notebook.attempt('%jobs')).displays[0]?.['text/plain'] ?? ''
    while (!String(await jobs()).includes('in Atomics.wait'));
    const [line] = await notebook.run('Atomics.notify(memory, 0); console.log((await t.result()).join())')
    assert.equal(line, 'timed-out,not-equal,ok')
  })
})

test('a cell whose workers wait for each other says so', { timeout: 120_000 }, async () => {
  await using notebook = await openNotebook()
  await notebook.run('const queues = [new Queue(), new Queue()]')
  const deadlocked = notebook.attempt('%%process -n 2 --name P\nawait queues[1 - rank].put(await queues[rank].get())')
  assert.match(await notebook.printed(/Deadlock.*\n/), /P-?\w* waits for an item of a Queue, P-?\w* waits for an item of a Queue, and MainThread waits for the end of P/)
  await notebook.interrupt()
  await deadlocked
})

describe('no deadlock is told of the notebook where others may wake it', { timeout: 60_000 }, () => {
  for (const { name, begin, wait } of wakers) {
    test(name, async () => {
      await using notebook = await openNotebook()
      await notebook.run(`
        const [gate, inner, outer, gone] = [new Lock(), new Lock(), new Lock(), Promise.withResolvers()]
        const later = (wake: () => unknown) => new Thread({ target: () => { setTimeout(wake, 3_600_000) }, daemon: true }).start()
        const meeting = new Barrier(3)
        // They wait for each other a moment after the notebook has begun to wait.
        const cross = async (mine, other) => { await mine.acquire(); await meeting.wait(); await sleep(100); await other.acquire() }
        const crossing = [[inner, outer], [outer, inner]].map(args => new Process({ target: cross, args }))`)
      const waiting = notebook.attempt(`
        ${begin}
        for (const worker of crossing) worker.start()
        await meeting.wait()
        await ${wait}`)
      const told = await notebook.printed(/Deadlock.*\n/)
      await notebook.interrupt()
      await waiting
      assert.match(told, /Process-\d waits for the Lock (inner|outer) that Process-\d holds/)
      assert.doesNotMatch(told, /MainThread/)
    })
  }
})
