import type { BenchClient, Received } from './client.ts'
import type { Samples } from './figures.ts'

const BURST = 200
const BURSTS = 3
const OPENINGS = 10

/** How long controls take to appear with their first output, and an output to follow a slider, in milliseconds. */
export async function slider(client: BenchClient, cell: string, times: number): Promise<Samples> {
  const opening: number[] = []
  let id = ''
  for (let round = 0; round < OPENINGS; round++) {
    const opened = await open(client, cell, 5)
    opening.push(opened.took)
    id = opened.id
  }
  const moving: number[] = []
  for (let i = 0; i < times; i++) moving.push(await move(client, id, -(i % 5)))
  // The first ones warm up.
  return { interact: opening.slice(3), slider: moving.slice(3) }
}

/** Sends many values at once, a few times; how many runs it takes from then on until the last of them is shown. */
export async function bursts(client: BenchClient, cell: string): Promise<number[]> {
  const { id } = await open(client, cell, 500)
  const took: number[] = []
  for (let i = 1; i <= BURSTS; i++) took.push(await burst(client, id, await move(client, id, i)))
  return took
}

async function burst(client: BenchClient, id: string, one: number): Promise<number> {
  const last = shown(client, BURST + 100)
  let sentAt = 0
  for (let i = 1; i <= BURST; i++) sentAt = await set(client, id, i + 100)
  return ((await last) - sentAt) / one
}

async function open(client: BenchClient, cell: string, value: number): Promise<{ readonly id: string; readonly took: number }> {
  const first = shown(client, value)
  const { messages, sentAt, idle } = await client.execute(cell)
  const took = Math.max(idle, (await first) - sentAt)
  const control = messages.find(({ type, content }) => type === 'comm_open' && JSON.stringify(content).includes('"IntSliderModel"'))
  return { id: String(control?.content['comm_id']), took }
}

async function move(client: BenchClient, id: string, value: number): Promise<number> {
  const output = shown(client, value)
  const sentAt = await set(client, id, value)
  return (await output) - sentAt
}

function set(client: BenchClient, id: string, value: number): Promise<number> {
  return client.tell('comm_msg', { comm_id: id, data: { method: 'update', state: { value }, buffer_paths: [] } })
}

/** Resolves to the time at which a value is shown: in a stream, or in the outputs of an Output widget. */
function shown(client: BenchClient, value: number): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>()
  client.onOutput = ({ type, content, at }: Received) => {
    if ((type === 'stream' || type === 'comm_msg') && JSON.stringify(content).includes(`shown ${value}\\n`)) resolve(at)
  }
  return promise
}
