import { setTimeout as pause } from 'node:timers/promises'
import type { BenchClient } from '../client.ts'
import type { FigureName, Samples } from '../figures.ts'
import { memoryOf } from '../memory.ts'

/** Programs of threads and processes, in a kernel's language. */
export interface TogetherCells {
  /** Runs first, and does once what is done once. */
  readonly setup: string
  /** Each prints a JSON object of figures. */
  readonly measures: readonly string[]
  /** Each starts so many idle workers. */
  readonly idle: Readonly<Partial<Record<FigureName, string>>>
  /** Ends them. */
  readonly stop: string
}

/** Workers that `idle` starts. */
const IDLE = 8
/** Until processes that were started ahead have ended, and memory was given back, in milliseconds. */
const SETTLE = 6000

/** What threads and processes cost in a kernel, told by cells that it runs. */
export async function together(client: BenchClient, pid: number, { setup, measures, idle, stop }: TogetherCells): Promise<Samples> {
  await client.execute(setup)
  const samples: Partial<Record<FigureName, readonly number[]>> = {}
  for (const cell of measures) {
    const figures = JSON.parse(await printed(client, cell)) as Partial<Record<FigureName, number>>
    for (const [name, value] of Object.entries(figures)) samples[name as FigureName] = [value]
  }
  if (Object.keys(idle).length > 0) await pause(SETTLE)
  for (const [name, cell] of Object.entries(idle)) {
    const before = memoryOf(pid)
    await printed(client, cell)
    samples[name as FigureName] = [(memoryOf(pid) - before) / IDLE]
    await client.execute(stop)
  }
  return samples
}

async function printed(client: BenchClient, cell: string): Promise<string> {
  const { messages } = await client.execute(cell)
  const failure = messages.find(({ type }) => type === 'error')
  if (failure) throw new Error(`A cell failed: ${String(failure.content['ename'])}: ${String(failure.content['evalue'])}\n${cell}`)
  return messages.filter(({ type, content }) => type === 'stream' && content['name'] === 'stdout').map(({ content }) => content['text']).join('')
}
