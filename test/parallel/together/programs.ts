/** A cell's code, in which A and B are kinds of workers, and the lines that it prints. */
export interface Program {
  readonly name: string
  readonly code: string
  readonly prints: readonly string[]
}

const program = (name: string, code: string, ...prints: string[]): Program => ({ name, code, prints })

export const programs: readonly Program[] = [
  program('a class with a method run, which runs there with the fields of the instance', `
    class Task extends A {
      #factor = 2
      readonly done = new Queue<number>()
      constructor(private readonly n: number, name: string) { super({ name }) }
      times(): number { return this.n * this.#factor }
      async run() { await this.done.put(this.times()); return [this.name, this.pid === process.pid] }
    }
    class Further extends Task { override times() { return super.times() + 1 } }
    for (const task of [new Task(3, 'first'), new Further(4, 'second')]) {
      task.start()
      console.log(await task.result(), await task.done.get(), task instanceof A, typeof task.pid)
    }`, "[ 'first', true ] 6 true number", "[ 'second', true ] 9 true number"),
  program('a queue keeps the order of what one puts', `
    const queue = new Queue()
    const worker = new A({ target: async () => { for (let i = 0; i < 1000; i++) await queue.put(i); queue.close() } })
    worker.start()
    const got = []
    for await (const item of queue) got.push(item)
    console.log(got.length, got.every((item, i) => item === i))
    await worker.join()`, '1000 true'),
  program('items of all kinds travel', `
    const [there, back] = [new Queue(), new Queue()]
    const worker = new A({ target: async () => { for await (const item of there) await back.put(item) } })
    worker.start()
    const items = [1, 'text', 10n, null, undefined, true, NaN, -0, { a: [1, { b: new Map([[1, new Set([2])]]) }] },
      new Uint8Array([1, 2, 3]), new Float64Array([0.5, 1.5]), Buffer.from('bytes'), new Uint16Array([1, 2, 3, 4]).subarray(1), new Date(0), /a/g]
    for (const item of items) await there.put(item)
    for (const item of items) {
      const other = await back.get()
      if (!require('node:util').isDeepStrictEqual(item, other)) console.log('different', item, other)
    }
    there.close()
    await worker.join()
    console.log('done')`, 'done'),
  program('bytes are copied as they are when they are put, into buffers of their own', `
    const [there, back] = [new Queue(), new Queue()]
    const worker = new A({ target: async () => { for await (const item of there) { await back.put(item); item?.fill?.(9) } } })
    worker.start()
    const sizes = [3, 5000, 1 << 20, 100, 200_000]
    const sent = sizes.map((size, i) => new Uint8Array(size).fill(i + 1))
    for (const bytes of sent) { const put = there.put(bytes); bytes[0] = 0; await put }
    await there.put({ inside: new Uint8Array(70_000).fill(7) })
    const got = []
    for (const _ of sizes) got.push(await back.get())
    console.log(got.every((bytes, i) => bytes.buffer.byteLength === sizes[i] && bytes.every(byte => byte === i + 1)))
    console.log(sent.every((bytes, i) => bytes.length === sizes[i] && bytes[1] === i + 1))
    console.log((await back.get()).inside.every(byte => byte === 7))
    there.close()
    await worker.join()`, 'true', 'true', 'true'),
  program('a bounded queue makes its putters wait', `
    const queue = new Queue({ maxsize: 2 })
    const put = new Event()
    const worker = new A({ target: async () => { await queue.put(1); await queue.put(2); await put.set(); await queue.put(3); queue.close() } })
    worker.start()
    await put.wait()
    console.log(await queue.full(), await queue.qsize())
    for await (const item of queue) console.log(item)
    await worker.join()`, 'true 2', '1', '2', '3'),
  program('join waits for all tasks to be done', `
    const [tasks, results] = [new Queue(), new Value(0)]
    const work = async () => { for await (const task of tasks) { await results.add(task); await tasks.taskDone() } }
    const workers = [new A({ target: work }), new B({ target: work })]
    for (const worker of workers) worker.start()
    for (let i = 1; i <= 100; i++) await tasks.put(i)
    await tasks.join()
    console.log(await results.get())
    tasks.close()
    for (const worker of workers) await worker.join()
    await tasks.taskDone().catch(error => console.log(error.name))`, '5050', 'UsageError'),
  program('a simple queue', `
    const queue = new SimpleQueue()
    const worker = new A({ target: async () => { await queue.put('a'); await queue.put('b'); queue.close() } })
    worker.start()
    await worker.join()
    console.log(await queue.empty(), await queue.get(), await queue.get(), await queue.empty())
    await queue.get().catch(error => console.log(error.name))
    await queue.put(1).catch(error => console.log(error.name))`, 'false a b true', 'QueueClosed', 'QueueClosed'),
  program('a pipe carries both ways until it is closed', `
    const [here, there] = Pipe()
    const worker = new A({ target: async () => { for await (const item of there) await there.send(item * 2); await there.send('ignored').catch(error => console.log(error.name)) } })
    worker.start()
    for (const number of [1, 2, 3]) { await here.send(number); console.log(await here.recv()) }
    console.log(await here.poll())
    here.close()
    await worker.join()
    await here.send(1).catch(error => console.log(error.name))`, '2', '4', '6', 'false', 'ConnectionClosed', 'ConnectionClosed'),
  program('the end of a pipe that nobody has any more is closed', `
    const [receiver, sender] = Pipe({ duplex: false })
    const worker = new A({ target: async () => { await sender.send('last'); sender.close() } })
    worker.start()
    sender.close()
    for await (const item of receiver) console.log(item)
    await receiver.send(1).catch(error => console.log(error.message))
    await worker.join()`, 'last', 'This end of the Pipe can only receive: its pipe was made with { duplex: false }.'),
  program('a lock lets one at a time go on', `
    const [lock, value] = [new Lock(), new Value(0)]
    const work = async () => { for (let i = 0; i < 50; i++) await lock.with(async () => value.set((await value.get()) + 1)) }
    const workers = [A, B, A, B].map(Kind => new Kind({ target: work }))
    for (const worker of workers) worker.start()
    for (const worker of workers) await worker.join()
    console.log(await value.get(), await lock.locked())
    await lock.release().catch(error => console.log(error.message))`, '200 false', 'The Lock is not held: there is nothing to release.'),
  program('a held lock can not be had, and is had when it is released', `
    const [lock, held, go] = [new Lock(), new Event(), new Event()]
    const worker = new A({ target: async () => { using lock1 = await lock.hold(); await held.set(); await go.wait() } })
    worker.start()
    await held.wait()
    console.log(await lock.acquire({ wait: false }), await lock.acquire({ timeout: 10 }), await lock.locked())
    await lock.hold({ timeout: 10 }).catch(error => console.log(error.name))
    await lock.acquire({ signal: AbortSignal.abort(new Error('stop')) }).catch(error => console.log(error.message))
    await go.set()
    console.log(await lock.acquire())
    await lock.release()
    await worker.join()`, 'false false true', 'TimedOut', 'stop', 'true'),
  program('an RLock is acquired again by its holder alone', `
    const [lock, result] = [new RLock(), new Queue()]
    await lock.acquire()
    await lock.acquire()
    const worker = new A({ target: async () => {
      await result.put(await lock.acquire({ wait: false }))
      await result.put(await lock.release().catch(error => error.name))
      await result.put(await lock.acquire())
      await lock.release()
    } })
    worker.start()
    console.log(await result.get(), await result.get())
    await lock.release()
    console.log(await result.empty())
    await lock.release()
    console.log(await result.get())
    await worker.join()`, 'false UsageError', 'true', 'true'),
  program('a semaphore lets so many go on', `
    const [semaphore, inside, most] = [new Semaphore(2), new Value(0), new Queue()]
    const work = async () => {
      for (let i = 0; i < 20; i++) await semaphore.with(async () => { await most.put(await inside.add(1)); await inside.add(-1) })
    }
    const workers = [A, B, A, B].map(Kind => new Kind({ target: work }))
    for (const worker of workers) worker.start()
    for (const worker of workers) await worker.join()
    most.close()
    const all = []
    for await (const number of most) all.push(number)
    console.log(all.length, all.every(number => number <= 2))`, '80 true'),
  program('a bounded semaphore is not released too often, a plain one counts', `
    const [bounded, plain] = [new BoundedSemaphore(1), new Semaphore(0)]
    await bounded.acquire()
    await bounded.release()
    await bounded.release().catch(error => console.log(error.name))
    const worker = new A({ target: async () => { await plain.release(3); await bounded.release().catch(error => console.log(error.name)) } })
    worker.start()
    await worker.join()
    console.log(await plain.acquire(), await plain.acquire(), await plain.acquire(), await plain.acquire({ wait: false }))`,
    'UsageError', 'UsageError', 'true true true false'),
  program('an event is waited for, set and cleared', `
    const [event, seen] = [new Event(), new Queue()]
    const work = async () => { await seen.put(await event.wait()) }
    const workers = [new A({ target: work }), new B({ target: work })]
    for (const worker of workers) worker.start()
    console.log(await event.isSet(), await event.wait({ timeout: 5 }))
    await event.set()
    console.log(await seen.get(), await seen.get(), await event.wait(), await event.isSet())
    await event.clear()
    console.log(await event.isSet())
    for (const worker of workers) await worker.join()`, 'false false', 'true true true true', 'false'),
  program('a condition wakes those who wait', `
    const [condition, stock, taken, waiting] = [new Condition(), new Value(0), new Queue(), new Semaphore(0)]
    const consume = async () => {
      await condition.with(async () => {
        await waiting.release()
        await condition.waitFor(async () => (await stock.get()) > 0)
        await taken.put(await stock.add(-1))
      })
    }
    const workers = [new A({ target: consume }), new B({ target: consume })]
    for (const worker of workers) worker.start()
    for (const _ of workers) await waiting.acquire()
    await condition.with(async () => { await stock.set(1); await condition.notify() })
    console.log(await taken.get())
    await condition.with(async () => { await stock.set(1); await condition.notifyAll() })
    console.log(await taken.get())
    for (const worker of workers) await worker.join()`, '0', '0'),
  program('a condition needs its lock, and has it after each end of waiting', `
    const lock = new Lock()
    const condition = new Condition(lock)
    for (const act of [() => condition.wait(), () => condition.notify(), () => condition.notifyAll()]) await act().catch(error => console.log(error.name))
    await condition.acquire()
    console.log(await condition.wait({ timeout: 5 }), await lock.locked())
    const abort = new AbortController()
    setTimeout(() => abort.abort(new Error('enough')), 5)
    await condition.wait({ signal: abort.signal }).catch(error => console.log(error.message))
    console.log(await lock.locked(), await condition.waitFor(() => false, { timeout: 5 }))
    await condition.release()`, 'UsageError', 'UsageError', 'UsageError', 'false true', 'enough', 'true false'),
  program('a barrier lets all go on together, again and again', `
    const [barrier, order] = [new Barrier(3), new Queue()]
    const work = async () => { for (let round = 0; round < 3; round++) { const index = await barrier.wait(); await order.put([round, index]) } }
    const workers = [A, B, A].map(Kind => new Kind({ target: work }))
    for (const worker of workers) worker.start()
    for (const worker of workers) await worker.join()
    order.close()
    const rounds = [[], [], []]
    for await (const [round, index] of order) rounds[round].push(index)
    console.log(rounds.map(indices => indices.sort().join('')).join())`, '012,012,012'),
  program('a barrier has one of its parties act', `
    const acted = new Value(0)
    const barrier = new Barrier(2, { action: async () => { await acted.add(1) } })
    const work = async () => { for (let round = 0; round < 5; round++) { await barrier.wait(); if ((await acted.get()) <= round) console.log('too early') } }
    const workers = [new A({ target: work }), new B({ target: work })]
    for (const worker of workers) worker.start()
    for (const worker of workers) await worker.join()
    console.log(await acted.get(), await barrier.waiting(), await barrier.broken())`, '5 0 false'),
  program('a barrier breaks for all when one gives up, and is mended by reset', `
    const [barrier, result, mended] = [new Barrier(2), new Queue(), new Event()]
    await barrier.wait({ timeout: 5 }).catch(error => console.log(error.name))
    const worker = new A({ target: async () => { await barrier.wait().catch(error => result.put(error.name)); await result.put(await barrier.broken()); await mended.wait(); await result.put(await barrier.wait()) } })
    worker.start()
    console.log(await result.get(), await result.get())
    await barrier.reset()
    await mended.set()
    const again = new B({ target: () => barrier.wait() })
    again.start()
    await Promise.all([worker.join(), again.join()])
    console.log(await result.get() + await again.result())`, 'BrokenBarrierError', 'BrokenBarrierError true', '1'),
  program('a value is one for all', `
    const [number, big] = [new Value(1), new Value(2n)]
    const worker = new A({ target: async () => { await number.add(4); await big.set((await big.get()) ** 70n) } })
    worker.start()
    await worker.join()
    console.log(await number.get(), await big.get())
    await number.set(1n).catch(error => console.log(error.message))`, '5 1180591620717411303424n', 'This Value is a number: a bigint does not go with it.'),
  program('a timer calls its function later, unless it is cancelled', `
    const results = new Queue()
    const call = async text => { await results.put(text); return text }
    const timers = ['first', 'never', 'second'].map((text, i) => new Timer({ interval: [0, 60_000, 20][i], function: call, args: [text] }))
    for (const timer of timers) timer.start()
    timers[1].cancel()
    console.log([await results.get(), await results.get()].sort().join(' '))
    for (const timer of timers) await timer.join()
    console.log(await timers[0].result(), await timers[1].result(), timers[1].exitCode, await results.empty())`, 'first second', 'first undefined 0 true'),
  program('active children are those that have not ended', `
    const go = new Event()
    const workers = [new A({ target: () => go.wait(), name: 'one' }), new B({ target: () => go.wait(), name: 'two' })]
    console.log(activeChildren().length)
    for (const worker of workers) worker.start()
    console.log(activeChildren().map(child => child.name).join())
    await go.set()
    for (const worker of workers) await worker.join()
    console.log(activeChildren().length, Number.isInteger(cpuCount()) && cpuCount() > 0)`, '0', 'one,two', '0 true'),
  program('nothing is lost when waiting ends as something comes', `
    const queue = new Queue()
    const worker = new A({ target: async () => { for (let i = 0; i < 300; i++) { await queue.put(i); if (i % 3 === 0) await sleep(1) } queue.close() } })
    worker.start()
    const got = []
    for (let open = true; open; ) {
      try { got.push(await queue.get({ timeout: 1 })) }
      catch (error) { if (error instanceof QueueClosed) open = false; else if (!(error instanceof QueueEmpty)) throw error }
    }
    console.log(got.length, got.every((item, i) => item === i))
    await worker.join()`, '300 true'),
  program('what one realm has ahead is given to others that ask', `
    const [queue, taken] = [new Queue(), new Queue()]
    for (let i = 0; i < 2000; i++) await queue.put(i)
    for (let i = 0; i < 200; i++) await queue.get()
    queue.close()
    const worker = new A({ target: async () => { let count = 0; for await (const item of queue) count++; await taken.put(count) } })
    worker.start()
    console.log(await taken.get(), await queue.qsize())
    await worker.join()`, '1800 0'),
  program('a synchronous loop after put keeps nothing back', `
    const [queue, got] = [new Queue(), new Queue()]
    const worker = new A({ target: async () => { for (let i = 0; i < 6; i++) await got.put(await queue.get()) } })
    const words = new Int32Array(new SharedArrayBuffer(4))
    await worker.start()
    for (let i = 0; i < 5; i++) queue.put(i)
    const until = performance.now() + 20
    while (performance.now() < until);
    await queue.put(5)
    for (let i = 0; i < 6; i++) console.log(await got.get())
    await worker.join()`, '0', '1', '2', '3', '4', '5'),
]
