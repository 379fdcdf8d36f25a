import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { Queue, QueueEvents } from 'bullmq'
import { Redis } from 'ioredis'
import { type RunningRedis, startRedis } from '../test/support/redis.ts'
import type { BenchClient } from './client.ts'
import type { Samples } from './figures.ts'

const WORKERS = 4
const JOBS = 10_000
const STARTS = 20
const MB = 64
/** How many jobs are added at a time. */
const BATCH = 1000
/** Until all has come to rest, in milliseconds. */
const SETTLE = 1000

/** What a cluster of four workers on this machine does, told by cells. */
export async function cluster(client: BenchClient): Promise<Samples> {
  await using place = await open(() => [resolve('dist', 'main.js'), 'worker', '--insecure', '--concurrency', '1'])
  await client.execute(`
    import { Cluster, Pool, Process, sleep } from 'paracell'
    const cluster = await Cluster.connect('${place.redis.url}', { insecure: true })
    const pool = new Pool({ cluster, size: ${WORKERS} })
    const square = (n: number) => n * n
    await pool.map(square, Array(${BATCH}).keys(), { chunksize: 1 })`)
  const told = await printed(client, `
    const timed = async (options: object) => {
      const begin = performance.now()
      const squares = await pool.map(square, Array(${JOBS}).keys(), { progress: false, ...options })
      if (squares.some((each, n) => each !== n * n)) throw new Error('wrong')
      return ${JOBS} / ((performance.now() - begin) / 1000)
    }
    console.log(JSON.stringify({ clusterJobs: await timed({ chunksize: 1 }), clusterMap: await timed({}) }))
    pool.terminate()
    await pool.join()`)
  const figures = JSON.parse(told) as Record<'clusterJobs' | 'clusterMap', number>
  const samples = Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, [value]]))
  return { ...samples, clusterStart: await starts(client), ...(await output(client)) }
}

/** The same jobs by BullMQ alone, with its results. */
export async function bareBullmq(): Promise<Samples> {
  await using place = await open(url => [join(import.meta.dirname, 'bullmq-worker.ts'), url])
  const connection = new Redis(place.redis.url, { maxRetriesPerRequest: null })
  const queue = new Queue('squares', { connection })
  const listening = connection.duplicate()
  const events = new QueueEvents('squares', { connection: listening })
  await events.waitUntilReady()
  await round(queue, events, BATCH)
  const begin = performance.now()
  await round(queue, events, JOBS)
  const rate = JOBS / ((performance.now() - begin) / 1000)
  await Promise.all([events.close(), queue.close()])
  for (const each of [connection, listening]) each.disconnect()
  return { clusterJobs: [rate] }
}

async function round(queue: Queue, events: QueueEvents, count: number): Promise<void> {
  const complete = Promise.withResolvers<void>()
  let done = 0
  const onCompleted = () => void (++done === count && complete.resolve())
  events.on('completed', onCompleted)
  for (let first = 0; first < count; first += BATCH) {
    await queue.addBulk(Array.from({ length: BATCH }, (_, i) => ({ name: 'square', data: { n: first + i }, opts: { attempts: 3, removeOnComplete: true } })))
  }
  await complete.promise
  events.off('completed', onCompleted)
}

/** From `start()` to the first line that the front end gets, in milliseconds: by one clock, whatever else is on the way. */
async function starts(client: BenchClient): Promise<number[]> {
  const times: number[] = []
  for (let i = 0; i < STARTS; i++) {
    const { messages } = await client.execute(`
      const child${i} = new Process({ target: () => console.log('first'), cluster })
      const begin${i} = performance.timeOrigin + performance.now()
      child${i}.start()
      await child${i}.join()
      console.log('begin', begin${i})`)
    const streams = messages.filter(({ type }) => type === 'stream')
    const first = streams.find(({ content }) => String(content['text']).includes('first'))?.at ?? Number.NaN
    const [, begin] = /begin (\S+)/.exec(streams.map(({ content }) => content['text']).join('')) ?? []
    times.push(performance.timeOrigin + first - Number(begin))
  }
  return times
}

async function output(client: BenchClient): Promise<Samples> {
  // As after a while of work: what is compiled is compiled.
  await client.execute("{ const talker = new Process({ target: () => { for (let i = 0; i < 1000; i++) process.stdout.write('x'.repeat(10_000)) }, cluster }); talker.start(); await talker.join() }")
  await pause(SETTLE)
  const begin = performance.now()
  let bytes = 0
  let last = begin
  client.onOutput = ({ type, content, at }) => {
    if (type !== 'stream') return
    bytes += String(content['text']).length
    last = at
  }
  const lines = (MB * 1_000_000) / 100
  await client.execute(`
    const talker = new Process({ target: () => { const line = 'x'.repeat(99) + '\\n'; for (let i = 0; i < ${lines / 100}; i++) process.stdout.write(line.repeat(100)) }, cluster })
    talker.start()
    await talker.join()`)
  client.onOutput = () => undefined
  return { clusterOutput: [bytes / 1000 / (last - begin)], clusterLost: [MB * 1_000_000 - bytes] }
}

async function printed(client: BenchClient, cell: string): Promise<string> {
  const { messages } = await client.execute(cell)
  return messages.filter(({ type, content }) => type === 'stream' && content['name'] === 'stdout').map(({ content }) => content['text']).join('')
}

interface Place extends AsyncDisposable {
  readonly redis: RunningRedis
}

/** A Redis, and four workers that say a line when they are ready. */
async function open(command: (url: string) => readonly string[]): Promise<Place> {
  await using resources = new AsyncDisposableStack()
  // As it comes: what is under way need not be kept on a disk.
  const redis = resources.use(await startRedis('appendonly no'))
  const workers = Array.from({ length: WORKERS }, () => resources.adopt(begin(command(redis.url), redis.url), end))
  for (const worker of workers) if (worker.stdout) await once(createInterface(worker.stdout), 'line')
  await pause(SETTLE)
  const owned = resources.move()
  return { redis, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

function begin(args: readonly string[], url: string): ChildProcess {
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, PARACELL_REDIS: url } })
}

async function end(worker: ChildProcess): Promise<void> {
  const exited = once(worker, 'exit')
  worker.kill('SIGKILL')
  await exited
}
