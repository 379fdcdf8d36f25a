import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { gc, startThread, type Variables } from './support.ts'

const LOCK = `
  const word = lock
  const withLock = (f) => {
    while (Atomics.compareExchange(word, 0, 0, 1) !== 0) Atomics.wait(word, 0, 1)
    try { f() } finally { Atomics.store(word, 0, 0); Atomics.notify(word, 0, 1) }
  };`

function block(until: () => boolean): void {
  while (!until()) Atomics.pause()
}

test('two threads with a lock count exactly', async () => {
  const variables = { counter: 0, lock: new Int32Array(new SharedArrayBuffer(4)) }
  const code = `${LOCK} for (let i = 0; i < 1000; i++) withLock(() => { counter++ })`
  await using one = startThread(variables, code)
  await using two = startThread(variables, code)
  await Promise.all([one.outcome, two.outcome])
  assert.equal(variables.counter, 2000)
})

test('two threads without a lock overwrite each other', async () => {
  const gate = new Int32Array(new SharedArrayBuffer(8))
  const variables = { counter: 0, gate }
  // Both read before either writes: the lost update of a race, made to happen.
  const code = `const g = gate; const seen = counter; Atomics.add(g, 0, 1); while (Atomics.load(g, 0) < 2) Atomics.pause(); counter = seen + 1`
  await using one = startThread(variables, code)
  await using two = startThread(variables, code)
  await Promise.all([one.outcome, two.outcome])
  assert.equal(variables.counter, 1)
})

test('a method call is one step: nothing pushed by two threads is lost', async () => {
  const variables = { list: [] as number[] }
  await using one = startThread(variables, 'for (let i = 0; i < 500; i++) list.push(i)')
  await using two = startThread(variables, 'for (let i = 0; i < 500; i++) list.push(i)')
  await Promise.all([one.outcome, two.outcome])
  assert.equal(variables.list.length, 1000)
})

test('while a function of one thread waits, another thread is served', async () => {
  const { promise, resolve } = Promise.withResolvers<string>()
  const variables = { wait: () => promise, open: (how: string) => resolve(how) }
  await using waiting = startThread(variables, 'return await wait()')
  await using opening = startThread(variables, 'open("by the other"); return 1')
  assert.deepEqual(await Promise.all([waiting.outcome, opening.outcome]), [{ value: 'by the other' }, { value: 1 }])
})

test('a busy owner makes the thread wait, and answers then', async () => {
  const flags = new Int32Array(new SharedArrayBuffer(8))
  const variables = { flags, counter: 1, started: () => {} }
  await using thread = startThread(variables, 'const f = flags; started(); Atomics.store(f, 0, 1); counter = 5; return counter')
  await new Promise<void>((resolve) => { variables.started = resolve })
  block(() => Atomics.load(flags, 0) === 1)
  const before = variables.counter
  assert.deepEqual([before, await thread.outcome, variables.counter], [1, { value: 5 }, 5])
})

test('the owner\'s event loop has its turns while threads ask without end', async () => {
  const variables = { counter: 0, stop: false }
  const code = 'while (!stop) counter++'
  await using one = startThread(variables, code)
  await using two = startThread(variables, code)
  for (let turn = 0; turn < 200 || variables.counter < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
  variables.stop = true
  assert.deepEqual(await Promise.all([one.outcome, two.outcome]), [{ value: undefined }, { value: undefined }])
})

test('a thread that waits for a busy owner can be terminated', async () => {
  const asking = new Int32Array(new SharedArrayBuffer(4))
  const variables = { asking, counter: 0, started: () => {} }
  await using thread = startThread(variables, 'const a = asking; started(); Atomics.store(a, 0, 1); for (;;) counter++')
  await new Promise<void>((resolve) => { variables.started = resolve })
  block(() => Atomics.load(asking, 0) === 1)
  assert.equal(await thread.worker.terminate(), 1)
})

test('disposing makes a pending access throw, and every later one', async () => {
  const thread = startThread({ end: () => thread.served[Symbol.dispose](), counter: 0 }, `
    const messages = []
    for (const access of [() => end(), () => counter, () => { counter = 1 }]) try { access() } catch (error) { messages.push(error.message) }
    return messages`)
  await using _ = thread
  const gone = 'The notebook\'s variables are out of reach: the line to the session was closed'
  assert.deepEqual(await thread.outcome, { value: [gone, gone, gone] })
})

test('disposing rejects promises that are still pending', async () => {
  const variables: Variables = { never: new Promise(() => {}), ready: () => setImmediate(() => thread.served[Symbol.dispose]()) }
  const thread = startThread(variables, 'const p = never; ready(); try { await p } catch (error) { return error.message }')
  await using _ = thread
  assert.match(String((await thread.outcome as { value: unknown }).value), /the line to the session was closed/)
})

test('an owner that is gone without a word is noticed', async () => {
  const channel = JSON.stringify(new URL('../../../kernel/parallel/share/channel.ts', import.meta.url).href)
  const served = JSON.stringify(new URL('../../../kernel/parallel/share/owner.ts', import.meta.url).href)
  const connected = JSON.stringify(new URL('../../../kernel/parallel/share/thread.ts', import.meta.url).href)
  const owner = new Worker(`
    const { parentPort } = require('node:worker_threads')
    Promise.all([import(${channel}), import(${served})]).then(([{ variableChannel }, { serveVariables }]) => {
      const { owner, thread, transferList } = variableChannel()
      const block = () => { parentPort.postMessage('blocked'); for (;;); }
      serveVariables(owner.port, { has: () => true, get: () => block, set() {} }, owner.memory)
      parentPort.postMessage(thread, transferList)
      setInterval(() => {}, 1000)
    })`, { eval: true })
  const [end] = await once(owner, 'message')
  const thread = new Worker(`
    const { workerData, parentPort } = require('node:worker_threads')
    import(${connected}).then(({ connectVariables }) => {
      const block = connectVariables(workerData.port, workerData.memory).descriptor('block').get()
      try { block() } catch (error) { parentPort.postMessage(error.message) }
    })`, { eval: true, workerData: end, transferList: [end.port] })
  await once(owner, 'message')
  await owner.terminate()
  const [message] = await once(thread, 'message')
  assert.match(message, /the line to the session was closed/)
  await thread.terminate()
})

test('a thread whose call was interrupted in the notebook gets an error', async () => {
  const running = new Int32Array(new SharedArrayBuffer(4))
  const interrupter = new Worker(`
    const { workerData: { running }, parentPort } = require('node:worker_threads')
    const { Session } = require('node:inspector')
    const session = new Session()
    session.connectToMainThread()
    parentPort.postMessage('ready')
    Atomics.wait(running, 0, 0)
    session.post('Runtime.terminateExecution')`, { eval: true, workerData: { running } })
  await once(interrupter, 'message')
  const variables = { forEver() { Atomics.store(running, 0, 1); Atomics.notify(running, 0); for (;;); }, after: 1 }
  await using thread = startThread(variables, 'try { forEver() } catch (error) { return [error.message, ++after] }')
  assert.deepEqual(await thread.outcome, { value: ['The notebook was interrupted while it answered this thread', 2] })
  await interrupter.terminate()
})

test('neither side keeps its event loop alive', async () => {
  await using thread = startThread({ counter: 1 }, 'return counter')
  await thread.outcome
  const [code] = await once(thread.worker, 'exit')
  assert.equal(code, 0)
})

test('what a thread no longer refers to is let go', async () => {
  const released = Promise.withResolvers<string>()
  const registry = new FinalizationRegistry<string>((name) => released.resolve(name))
  const make = (): object => {
    const value = { list: [1, 2] }
    registry.register(value, 'the object')
    return value
  }
  const variables: Variables = { make, kept: {}, collect: gc }
  await using thread = startThread(variables, `
    const same = kept
    make().list[0]
    while (true) { await new Promise(setImmediate); gc(); collect(); if (kept !== same) return 'lost' }`)
  assert.equal(await Promise.race([released.promise, thread.outcome]), 'the object')
})
