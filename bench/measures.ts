import { setTimeout as pause } from 'node:timers/promises'
import { executeContent, type Received, type Timing } from './client.ts'
import { bareBullmq, cluster } from './cluster.ts'
import type { Column, Samples } from './figures.ts'
import { type CellName, type KernelSpec, LINES } from './kernels.ts'
import { interrupted, restarted } from './interrupt.ts'
import { memoryOf } from './memory.ts'
import { type Running, start, type StartOptions } from './running.ts'
import { plainNode } from './plain-node.ts'
import { togetherInNode, togetherInPiscina } from './together/plain-node.ts'
import { together } from './together/together.ts'
import { bursts, slider } from './widgets.ts'
import { types } from './types.ts'

/** Something that is measured of one kernel after the other, round by round. */
export interface Measure {
  readonly name: string
  readonly rounds: number
  run(spec: KernelSpec): Promise<Samples>
  /** What is no kernel, and can do the same. */
  readonly others?: Readonly<Partial<Record<Column, () => Promise<Samples>>>>
}

const BYTES = LINES * 100
const CELLS = 30
/** Until memory has settled, in milliseconds. */
const SETTLE = 1000
/** How long the flood may take, in milliseconds: some peers need half a minute, or for ever. */
const FLOOD_LIMIT = 10_000
/** How long a slow reader doesn't read, in milliseconds. */
const SLOW = 2000

export const MEASURES: readonly Measure[] = [
  { name: 'startup', rounds: 7, run: startup },
  { name: 'cells', rounds: 5, run: cells },
  { name: 'output', rounds: 3, run: output },
  { name: 'slow-reader', rounds: 2, run: slowReader },
  { name: 'workers', rounds: 3, run: workers, others: { 'plain Node': plainNode } },
  { name: 'together', rounds: 3, run: inKernel, others: { 'plain Node': togetherInNode, piscina: togetherInPiscina } },
  { name: 'interrupt', rounds: 1, run: interrupts },
  { name: 'restart', rounds: 3, run: restarts },
  { name: 'imports', rounds: 3, run: imports },
  { name: 'cluster', rounds: 3, run: onCluster, others: { BullMQ: bareBullmq } },
  { name: 'types', rounds: 3, run: types },
  { name: 'widgets', rounds: 3, run: widgets }
]

async function startup(spec: KernelSpec): Promise<Samples> {
  await using running = await start(spec)
  const { client, startedAt } = running
  const times = [client.replyTime('kernel_info_request', {}), client.replyTime('execute_request', executeContent(spec.cells.add ?? ''))]
  const [info = 0, first = 0] = await Promise.all(times)
  return { info: [info - startedAt], first: [first - startedAt] }
}

async function cells(spec: KernelSpec): Promise<Samples> {
  await using running = await ready(spec)
  const memory = memoryOf(running.process.pid ?? 0)
  const add = await repeated(running, spec, 'add')
  const small = await repeated(running, spec, 'small')
  const line = await repeated(running, spec, 'line')
  return {
    memory: [memory],
    reply: add.map(({ reply }) => reply),
    idle: add.map(({ idle }) => idle),
    small: small.map(({ idle }) => idle),
    line: line.flatMap(({ messages, sentAt }) => messages.filter(({ type }) => type === 'stream').slice(0, 1).map(({ at }) => at - sentAt))
  }
}

async function output(spec: KernelSpec): Promise<Samples> {
  await using running = await ready(spec, { types: false })
  const pid = running.process.pid ?? 0
  const before = memoryOf(pid)
  const { bytes, messages, milliseconds } = await flood(running, spec)
  await pause(SETTLE)
  return { speed: [bytes / 1000 / milliseconds], lost: [BYTES - bytes], messages: [messages], growth: [memoryOf(pid) - before] }
}

async function slowReader(spec: KernelSpec): Promise<Samples> {
  await using running = await ready(spec, { highWaterMark: 1000, types: false })
  running.client.pauseOutput(SLOW)
  const { bytes, messages } = await flood(running, spec)
  return { slowLost: [BYTES - bytes], slowMessages: [messages] }
}

async function workers(spec: KernelSpec): Promise<Samples> {
  const names = (['process', 'fork', 'thread'] as const).filter(name => spec.cells[name] !== undefined)
  if (names.length === 0) return {}
  await using running = await ready(spec)
  const samples: Record<string, readonly number[]> = {}
  for (const name of names) {
    // The first run is for what is done once, such as starting a fork server.
    await running.client.execute(spec.cells[name] ?? '')
    samples[name] = [Number(textOf((await running.client.execute(spec.cells[name] ?? '')).messages))]
  }
  return samples
}

async function widgets(spec: KernelSpec): Promise<Samples> {
  const { widgets: load, interact, slow } = spec.cells
  if (load === undefined || interact === undefined) return {}
  await using running = await ready(spec)
  await running.client.execute(load)
  const times = await slider(running.client, interact, CELLS)
  return slow === undefined ? times : { ...times, burst: await bursts(running.client, slow) }
}

/** Others end with their sessions, or don't take the same cells. */
async function interrupts(spec: KernelSpec): Promise<Samples> {
  if (spec.name !== 'paracell') return {}
  await using running = await ready(spec)
  return { interrupt: await interrupted(running.client) }
}

async function restarts(spec: KernelSpec): Promise<Samples> {
  if (spec.name !== 'paracell') return {}
  await using running = await ready(spec)
  return { restart: await restarted(running.client) }
}

async function imports(spec: KernelSpec): Promise<Samples> {
  if (spec.cells.imports === undefined) return {}
  await using running = await ready(spec)
  return { imports: (await repeated(running, spec, 'imports')).map(({ idle }) => idle) }
}

async function inKernel(spec: KernelSpec): Promise<Samples> {
  if (!spec.together) return {}
  await using running = await ready(spec, { types: false })
  return await together(running.client, running.process.pid ?? 0, spec.together)
}

async function onCluster(spec: KernelSpec): Promise<Samples> {
  if (spec.name !== 'paracell') return {}
  await using running = await ready(spec)
  return await cluster(running.client)
}

/** A kernel that has run a cell and come to rest. */
async function ready(spec: KernelSpec, options?: StartOptions): Promise<Running> {
  const running = await start(spec, options)
  await running.client.subscribed()
  await running.client.execute(spec.cells.add ?? '')
  await pause(SETTLE)
  return running
}

async function repeated({ client }: Running, { cells }: KernelSpec, name: CellName): Promise<Timing[]> {
  const timings: Timing[] = []
  for (let i = 0; i < CELLS; i++) timings.push(await client.execute(cells[name] ?? ''))
  // The first ones warm up.
  return timings.slice(3)
}

/** Runs the flood until all of it has come, or the kernel says that it is idle and nothing comes any more, or time is up. */
async function flood({ client }: Running, { cells }: KernelSpec): Promise<{ bytes: number; messages: number; milliseconds: number }> {
  const begin = performance.now()
  let [bytes, messages, last] = [0, 0, begin]
  const complete = Promise.withResolvers<void>()
  client.onOutput = ({ type, content, at }) => {
    if (type !== 'stream') return
    bytes += String(content['text']).length
    messages++
    last = at
    if (bytes >= BYTES) complete.resolve()
  }
  const finished = Promise.all([complete.promise, client.execute(cells.flood ?? '').then(({ idle }) => (last = Math.max(last, begin + idle)))])
  await Promise.race([finished, pause(FLOOD_LIMIT, undefined, { ref: false })])
  return { bytes, messages, milliseconds: last - begin }
}

function textOf(messages: readonly Received[]): string {
  return messages.filter(({ type }) => type === 'stream').map(({ content }) => content['text']).join('')
}
