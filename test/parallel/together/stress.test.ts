import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { openNotebook, type Notebook } from './notebook.ts'

/** Numbers that look random and are the same in each run. */
const RANDOM = `
  const randomFrom = seed => () => {
    seed = (seed + 0x6d2b79f5) | 0
    let mixed = Math.imul(seed ^ (seed >>> 15), seed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const kinds = [Thread, Process]`

describe('many workers of both kinds', { timeout: 60_000 }, () => {
  let notebook: Notebook
  before(async () => {
    notebook = await openNotebook()
    await notebook.run(RANDOM)
  })
  after(() => notebook[Symbol.asyncDispose]())

  for (const [seed, maxsize] of [[1, 0], [2, 0], [3, 7]] as const) {
    test(`no message is lost or doubled (seed ${seed}, maxsize ${maxsize})`, async () => {
      const lines = await notebook.run(`{
        const [queue, results] = [new Queue({ maxsize: ${maxsize} }), new Queue()]
        const produce = async (who, seed) => {
          const random = randomFrom(seed)
          for (let i = 0; i < 1000; i++) {
            const item = random() < 0.1 ? { who, i } : who * 1000 + i
            if (random() < 0.5) await queue.put(item)
            else if (${maxsize} === 0) queue.put(item)
            else while (!(await queue.put(item, { timeout: 1 }).then(() => true, error => { if (error instanceof QueueFull) return false; throw error })));
            if (random() < 0.01) await sleep(1)
          }
        }
        const consume = async seed => {
          const random = randomFrom(seed)
          const got = []
          for (;;) {
            try {
              const item = random() < 0.3 ? await queue.get({ timeout: random() * 2 }) : await queue.get()
              got.push(typeof item === 'number' ? item : item.who * 1000 + item.i)
            } catch (error) {
              if (error instanceof QueueClosed) break
              if (!(error instanceof QueueEmpty)) throw error
            }
            if (random() < 0.01) await sleep(1)
          }
          await results.put(got)
        }
        const producers = [0, 1, 2, 3].map(who => new kinds[who % 2]({ target: produce, args: [who, ${seed} * 100 + who] }))
        const consumers = [0, 1, 2].map(who => new kinds[who % 2]({ target: consume, args: [${seed} * 1000 + who] }))
        for (const worker of [...producers, ...consumers]) worker.start()
        for (const worker of producers) await worker.result()
        queue.close()
        for (const worker of consumers) await worker.result()
        const all = []
        const ordered = []
        for (const _ of consumers) {
          const got = await results.get()
          all.push(...got)
          for (const who of [0, 1, 2, 3]) {
            const own = got.filter(number => Math.floor(number / 1000) === who)
            ordered.push(own.every((number, i) => i === 0 || own[i - 1] < number))
          }
        }
        console.log(all.length, new Set(all).size, ordered.every(Boolean))
      }`)
      assert.deepEqual(lines, ['4000 4000 true'])
    })
  }

  test('large items of many sizes keep their bytes and their order, there and back', async () => {
    const lines = await notebook.run(`{
      const [there, back] = [new Queue(), new Queue()]
      const echo = async () => { for await (const item of there) await back.put(item) }
      const fill = i => {
        const bytes = new Uint8Array((i * 7919 * 173) % 3_000_000 + (i % 20 === 0 ? 6_000_000 : 0))
        for (let at = 0; at < bytes.length; at += 997) bytes[at] = i + at
        return bytes
      }
      const process = new Process({ target: echo })
      process.start()
      const putting = (async () => { for (let i = 0; i < 80; i++) await there.put(i % 3 === 0 ? { i, bytes: fill(i) } : i % 3 === 1 ? fill(i) : i) })()
      let right = 0
      for (let i = 0; i < 80; i++) {
        const item = await back.get()
        const bytes = i % 3 === 0 ? item.bytes : item
        right += i % 3 === 2 ? item === i : Buffer.compare(bytes, fill(i)) === 0
      }
      await putting
      there.close()
      await process.result()
      console.log(right)
    }`)
    assert.deepEqual(lines, ['80'])
  })

  test('large items outlive a process that is killed as soon as they are put', async () => {
    const lines = await notebook.run(`{
      const queue = new Queue()
      const put = async () => {
        for (let i = 0; i < 12; i++) await queue.put(new Uint8Array(500_000).fill(i))
        process.kill(process.pid, 'SIGKILL')
      }
      for (let round = 0; round < 5; round++) {
        const child = new Process({ target: put })
        child.start()
        await child.join()
        let right = 0
        for (let i = 0; i < 12; i++) right += (await queue.get({ wait: false })).every(byte => byte === i)
        console.log(child.exitCode, right)
      }
    }`)
    assert.deepEqual(lines, Array.from({ length: 5 }, () => '-9 12'))
  })

  test('of small and large items, whoever is killed leaves all that it has not taken, in order', async () => {
    const lines = await notebook.run(`{
      for (const Kind of kinds) {
        const [queue, taken] = [new Queue(), new Queue()]
        for (let i = 0; i < 400; i++) await queue.put(i % 7 === 6 ? new Uint8Array(70_000).fill(i) : i)
        const number = item => item instanceof Uint8Array ? item[0] : item % 256
        const take = async () => {
          for (let i = 0; i < 200; i++) {
            const item = await queue.get()
            if (item instanceof Uint8Array ? item[69_999] !== i % 256 : item !== i) throw new Error('wrong: ' + i)
          }
          await taken.put(true)
          await sleep(600_000)
        }
        const worker = new Kind({ target: take })
        worker.start()
        await taken.get()
        worker.kill()
        await worker.join()
        let right = 0
        for (let i = 200; i < 400; i++) right += number(await queue.get({ wait: false })) === i % 256
        console.log(right, await queue.qsize())
      }
    }`)
    assert.deepEqual(lines, ['200 0', '200 0'])
  })

  test('what a worker has ahead of need goes on to others in order, however busy it is', async () => {
    const lines = await notebook.run(`{
      for (const Kind of kinds) {
        const [queue, taken] = [new Queue(), new Queue()]
        for (let i = 0; i < 1000; i++) await queue.put(i)
        const take = async () => {
          for (let i = 0; i < 300; i++) await queue.get()
          await taken.put(true)
          Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600_000)
        }
        const worker = new Kind({ target: take })
        worker.start()
        await taken.get()
        const got = []
        for (let i = 1000; i < 1002; i++) await queue.put(i)
        for (let i = 0; i < 702; i++) got.push(await queue.get())
        console.log(got.every((number, i) => number === 300 + i), await queue.qsize())
        worker.kill()
        await worker.join()
      }
    }`)
    assert.deepEqual(lines, ['true 0', 'true 0'])
  })

  test('threads of a process share the items of a queue, each in order', async () => {
    const lines = await notebook.run(`{
      const [queue, results] = [new Queue(), new Queue()]
      const take = async () => {
        let [count, last] = [0, -1]
        for await (const i of queue) [count, last] = [count + (i > last), i]
        await results.put(count)
      }
      const host = async () => {
        const threads = [new Thread({ target: take }), new Thread({ target: take })]
        for (const thread of threads) thread.start()
        for (const thread of threads) await thread.result()
        const blocked = new Thread({ target: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10) })
        blocked.start()
        return await blocked.result()
      }
      const process = new Process({ target: host })
      process.start()
      for (let i = 0; i < 3000; i++) await queue.put(i)
      queue.close()
      const blocked = await process.result()
      console.log((await results.get()) + (await results.get()), blocked)
    }`)
    assert.deepEqual(lines, ['3000 timed-out'])
  })

  test('locks of both kinds keep counters exact, however the waiting ends', async () => {
    const lines = await notebook.run(`{
      const [lock, rlock, first, second] = [new Lock(), new RLock(), new Value(0), new Value(0)]
      const work = async seed => {
        const random = randomFrom(seed)
        let done = 0
        for (let i = 0; i < 100; i++) {
          const [guard, value] = random() < 0.5 ? [lock, first] : [rlock, second]
          if (!(await guard.acquire(random() < 0.3 ? { timeout: random() * 2 } : {}))) continue
          await value.set((await value.get()) + 1)
          await guard.release()
          done++
        }
        return done
      }
      const workers = [0, 1, 2, 3].map(who => new kinds[who % 2]({ target: work, args: [who] }))
      for (const worker of workers) worker.start()
      let done = 0
      for (const worker of workers) done += await worker.result()
      console.log(done === (await first.get()) + (await second.get()), await lock.locked(), await rlock.locked())
    }`)
    assert.deepEqual(lines, ['true false false'])
  })

  for (const seed of [1, 2, 3]) {
    test(`workers killed at any moment leave nothing hanging (seed ${seed})`, async () => {
      const lines = await notebook.run(`{
        const random = randomFrom(${seed})
        const [tasks, results, lock, semaphore] = [new Queue(), new Queue(), new Lock(), new BoundedSemaphore(2)]
        const work = async () => {
          for await (const task of tasks) {
            await semaphore.with(() => lock.with(() => results.put(task)))
          }
        }
        const workers = Array.from({ length: 6 }, (_, who) => new kinds[who % 2]({ target: work }))
        for (const worker of workers) worker.start()
        for (let i = 0; i < 600; i++) {
          await tasks.put(i)
          if (i % 150 === 149) { await sleep(random() * 5); workers[i % 4].kill() }
        }
        tasks.close()
        for (const worker of workers) await worker.join()
        results.close()
        const got = []
        for await (const item of results) got.push(item)
        console.log(got.length === new Set(got).size, got.length >= 596, await lock.acquire({ wait: false }), await semaphore.acquire({ wait: false }) && await semaphore.acquire({ wait: false }))
      }`)
      assert.deepEqual(lines, ['true true true true'])
    })
  }
})
