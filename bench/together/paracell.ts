/** Cells that print what they have measured, as JSON: figures by their names. */
const tell = 'const tell = (figures: object) => console.log(JSON.stringify(figures))'

const setup = `import { Pool, Process, Queue, sleep, Thread } from 'paracell'
${tell}
const nothing = () => undefined
const idle = () => sleep(600_000)
async function timed(work: () => unknown, times = 1): Promise<number> {
  const begin = performance.now()
  for (let i = 0; i < times; i++) await work()
  return (performance.now() - begin) / times
}
async function one(worker: Process | Thread): Promise<void> {
  worker.start()
  await worker.join()
}
async function fifty(): Promise<void> {
  const workers = Array.from({ length: 50 }, () => new Process({ target: nothing }))
  for (const worker of workers) worker.start()
  for (const worker of workers) await worker.join()
}
await one(new Process({ target: nothing }))
await one(new Process({ target: nothing, startMethod: 'spawn' }))
await one(new Thread({ target: nothing }))`

const starts = `tell({
  forkOne: await timed(() => one(new Process({ target: nothing })), 30),
  forkFifty: await timed(fifty),
  spawnOne: await timed(() => one(new Process({ target: nothing, startMethod: 'spawn' })), 10),
  threadOne: await timed(() => one(new Thread({ target: nothing })), 100)
})`

const queues = `const COUNT = 20_000, ROUNDS = 2000, BUFFERS = 64, MEGABYTE = 2 ** 20
async function putNumbers(queue: Queue<number>, go: Queue<number>) {
  for await (const _ of go) for (let i = 0; i < COUNT; i++) await queue.put(i)
}
async function messages(Kind: typeof Process | typeof Thread): Promise<number> {
  const [queue, go] = [new Queue<number>(), new Queue<number>()]
  const worker = new Kind({ target: putNumbers, args: [queue, go] })
  worker.start()
  let best = Infinity
  for (let round = 0; round < 4; round++) {
    const time = timed(async () => { for (let i = 0; i < COUNT; i++) await queue.get() })
    await go.put(1)
    best = Math.min(best, await time)
  }
  go.close()
  await worker.join()
  return (COUNT / best) * 1000
}
async function echo(from: Queue<number>, to: Queue<number>) {
  for await (const item of from) await to.put(item)
}
async function latency(): Promise<number> {
  const [there, back] = [new Queue<number>(), new Queue<number>()]
  const worker = new Process({ target: echo, args: [there, back] })
  worker.start()
  const round = async () => { await there.put(1); await back.get() }
  await timed(round, 200)
  const time = await timed(round, ROUNDS)
  there.close()
  await worker.join()
  return time / 2
}
async function putBuffers(queue: Queue<Uint8Array>, go: Queue<number>) {
  await go.get()
  for (let i = 0; i < BUFFERS; i++) await queue.put(new Uint8Array(MEGABYTE))
}
async function bytes(): Promise<number> {
  const [queue, go] = [new Queue<Uint8Array>(), new Queue<number>()]
  const worker = new Process({ target: putBuffers, args: [queue, go] })
  await worker.start()
  await go.put(1)
  await queue.get()
  const time = await timed(async () => { for (let i = 1; i < BUFFERS; i++) await queue.get() })
  await worker.join()
  return ((BUFFERS - 1) * MEGABYTE) / 1e6 / time * 1000
}
tell({ queueProcess: await messages(Process), queueLatency: await latency(), queueBytes: await bytes(), queueThread: await messages(Thread) })`

const variables = `let shared = 0
function readShared(times: number): number {
  let sum = 0
  const begin = performance.now()
  for (let i = 0; i < times; i++) sum += shared
  return (performance.now() - begin) / times
}
function useLocals(): number {
  let best = Infinity
  for (let round = 0; round < 5; round++) {
    let sum = 0
    const begin = performance.now()
    for (let i = 0; i < 5e7; i++) sum = (sum + i * 3) | 0
    best = Math.min(best, performance.now() - begin + (sum === 0.5 ? 1 : 0))
  }
  return best
}
async function inThread<A extends unknown[]>(target: (...args: A) => number, args: A): Promise<number> {
  const thread = new Thread({ target, args })
  thread.start()
  return (await thread.result()) as number
}
const sharedAccess = Math.min(...[await inThread(readShared, [5000]), await inThread(readShared, [5000])])
tell({ sharedAccess, locals: (await inThread(useLocals, [])) / useLocals() })`

const pool = `function primes(from: number): number {
  let count = 0
  for (let n = from; n < from + 60_000; n++) {
    let prime = n > 1
    for (let d = 2; prime && d * d <= n; d++) prime = n % d !== 0
    if (prime) count++
  }
  return count
}
const items = Array.from({ length: 48 }, (_, i) => 1_000_000 + i)
async function mapped(size: number): Promise<number> {
  await using pool = new Pool({ size })
  await pool.map(primes, items.slice(0, size), { chunksize: 1, progress: false })
  return await timed(() => pool.map(primes, items, { chunksize: 1, progress: false }))
}
const { size } = new Pool()
const [alone, together] = [await mapped(1), await mapped(size)]
tell({ poolTime: together, poolIdeal: alone / size / together })`

const idleWorkers = (kind: string): string => `{
  const workers = Array.from({ length: 8 }, () => new ${kind}({ target: idle }))
  for (const worker of workers) await worker.start()
  await sleep(1500)
  tell({ pids: 8 })
  globalThis.stop = async () => { for (const worker of workers) { worker.kill(); await worker.join() } }
}`

export const togetherInParacell = {
  setup,
  measures: [starts, queues, variables, pool],
  idle: { memoryProcess: idleWorkers('Process'), memoryThread: idleWorkers('Thread') },
  stop: 'await globalThis.stop()'
}
