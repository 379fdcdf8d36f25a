import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { temporaryFolder } from '../../test/support/temporary-folder.ts'
import type { Samples } from '../figures.ts'
import { installed } from '../peers.ts'

const COUNT = 20_000
const ROUNDS = 2000
const BUFFERS = 64
const MEGABYTE = 2 ** 20

const FILES = {
  empty: '',
  process: `process.on('message', message => {
    if (message === 'numbers') for (let i = 0; i < ${COUNT}; i++) process.send(i)
    else if (message === 'buffers') for (let i = 0; i < ${BUFFERS}; i++) process.send(new Uint8Array(${MEGABYTE}))
    else process.send(message)
  })`,
  thread: `const { parentPort, workerData } = require('node:worker_threads')
    parentPort.on('message', message => {
      if (message === 'numbers') for (let i = 0; i < ${COUNT}; i++) parentPort.postMessage(i)
    })
    if (workerData) for (let turn = 1; ; turn += 2) {
      Atomics.wait(workerData, 0, turn - 1)
      Atomics.store(workerData, 0, turn + 1)
      Atomics.notify(workerData, 0)
    }`,
  primes: `module.exports = from => {
    let count = 0
    for (let n = from; n < from + 60_000; n++) {
      let prime = n > 1
      for (let d = 2; prime && d * d <= n; d++) prime = n % d !== 0
      if (prime) count++
    }
    return count
  }`
}

type Paths = Readonly<Record<keyof typeof FILES, string>>

/** What Node itself takes for the same, with its own processes, threads and messages. */
export async function togetherInNode(): Promise<Samples> {
  await using folder = await temporaryFolder()
  const files = await written(folder.path)
  const forks = () => fork(files.empty)
  return {
    forkOne: [await timed(async () => void (await once(forks(), 'exit')), 10)],
    forkFifty: [await timed(async () => void (await Promise.all(Array.from({ length: 50 }, () => once(forks(), 'exit')))))],
    threadOne: [await timed(async () => void (await once(new Worker(files.empty), 'exit')), 20)],
    ...(await betweenProcesses(files)),
    queueThread: [await betweenThreads(files)],
    sharedAccess: [await roundTrip(files)]
  }
}

/** The same function for the same items as in the other pools. */
export async function togetherInPiscina(): Promise<Samples> {
  await using folder = await temporaryFolder()
  const { primes } = await written(folder.path)
  const { Piscina } = createRequire(import.meta.url)(await installed('piscina')) as { Piscina: new (options: object) => PiscinaPool }
  const items = Array.from({ length: 48 }, (_, i) => 1_000_000 + i)
  const mapped = async (size: number) => {
    const pool = new Piscina({ filename: primes, minThreads: size, maxThreads: size, idleTimeout: 10_000 })
    await Promise.all(items.slice(0, size).map(item => pool.run(item)))
    const time = await timed(async () => void (await Promise.all(items.map(item => pool.run(item)))))
    await pool.destroy()
    return time
  }
  const size = availableParallelism()
  const [alone, together] = [await mapped(1), await mapped(size)]
  return { poolTime: [together], poolIdeal: [alone / size / together] }
}

interface PiscinaPool {
  run(item: number): Promise<number>
  destroy(): Promise<void>
}

async function written(folder: string): Promise<Paths> {
  const paths = Object.entries(FILES).map(async ([name, text]) => {
    const path = join(folder, `${name}.cjs`)
    await writeFile(path, text)
    return [name, path] as const
  })
  return Object.fromEntries(await Promise.all(paths)) as unknown as Paths
}

async function betweenProcesses({ process: file }: Paths): Promise<Samples> {
  const child = fork(file, { serialization: 'advanced' })
  const numbers = await timed(() => received(child, 'numbers', COUNT))
  const round = () => received(child, 'ping', 1)
  await timed(round, 200)
  const latency = (await timed(round, ROUNDS)) / 2
  const bytes = await timed(() => received(child, 'buffers', BUFFERS))
  child.kill()
  await once(child, 'exit')
  return { queueProcess: [(COUNT / numbers) * 1000], queueLatency: [latency], queueBytes: [((BUFFERS * MEGABYTE) / 1e6 / bytes) * 1000] }
}

async function betweenThreads({ thread: file }: Paths): Promise<number> {
  const worker = new Worker(file)
  const numbers = await timed(() => received(worker, 'numbers', COUNT))
  await worker.terminate()
  return (COUNT / numbers) * 1000
}

/** To another thread and back, by nothing but shared memory, in milliseconds. */
async function roundTrip({ thread: file }: Paths): Promise<number> {
  const words = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(file, { workerData: words })
  await once(worker, 'online')
  const turn = () => {
    Atomics.add(words, 0, 1)
    Atomics.notify(words, 0)
    for (let seen = Atomics.load(words, 0); seen % 2 === 1; seen = Atomics.load(words, 0)) Atomics.wait(words, 0, seen)
  }
  for (let i = 0; i < 200; i++) turn()
  const begin = performance.now()
  for (let i = 0; i < ROUNDS; i++) turn()
  const time = (performance.now() - begin) / ROUNDS
  await worker.terminate()
  return time
}

/** Sends a request and waits for so many messages. */
function received(to: ChildProcess | Worker, request: string, count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let left = count
  const take = () => {
    if (--left > 0) return
    to.off('message', take)
    resolve()
  }
  to.on('message', take)
  if (to instanceof Worker) to.postMessage(request)
  else to.send(request)
  return promise
}

async function timed(work: () => Promise<void>, times = 1): Promise<number> {
  const begin = performance.now()
  for (let i = 0; i < times; i++) await work()
  return (performance.now() - begin) / times
}
