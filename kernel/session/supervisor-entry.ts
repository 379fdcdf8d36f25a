/** The session's supervisor thread: awake while a cell blocks the main thread. */
import net from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { readFrames } from '../channel/frames.ts'
import { serveInherited } from '../output/inherited.ts'
import { Sink, ThreadNumber } from '../output/sink.ts'
import type { Hub } from '../parallel/hub/hub.ts'
import { type Order, type SupervisorData, Word } from './inside.ts'
import { Interrupter } from './interrupt.ts'
import type { CellRequest, Request } from './protocol.ts'

const CHANNEL = 3
/** How long a flood of output may gather, in milliseconds. */
const FLOOD_DELAY = 5
/** Cells whose numbers are remembered: what they have started may still run. */
const NUMBERS_KEPT = 10_000

const { sink: memory, output, words: shared, input, link, orders } = workerData as SupervisorData
const words = new Int32Array(shared)
const sink = new Sink(memory, ThreadNumber.supervisor)
let hub: Hub | undefined
const order = (message: Order): void => orders.postMessage(message)
let runningCell = ''
const numbers = new Map<string, number>()
const interrupter = new Interrupter({ words, sink, tellMain: id => order({ type: 'interrupt', id }), runningCell: () => runningCell })

const handlers: { readonly [T in Request['type']]: (request: Extract<Request, { type: T }>) => void } = {
  execute: request =>
    void interrupter.settled.then(() => {
      runningCell = request.request.cell
      number(request.request)
      order(request)
      void interrupter.makeRoom()
    }),
  ask: order,
  comm: order,
  interrupt: ({ cell }) => {
    if (cell !== undefined) hub?.interrupt(cell)
    interrupter.interrupt(cell ?? runningCell)
  },
  input: ({ id, value }) => {
    input.postMessage({ id, value })
    Atomics.add(words, Word.inputs, 1)
    Atomics.notify(words, Word.inputs)
  }
}

serveInherited(output, sink)
parentPort?.once('message', () => void openHub())
void flushFloods()
for await (const request of readFrames<Request>(new net.Socket({ fd: CHANNEL, readable: true, writable: false }))) {
  ;(handlers[request.type] as (request: Request) => void)(request)
}
// The front is gone, however it went: so goes everything that this session has started, itself last.
process.kill(-process.pid, 'SIGKILL')

/** The session's first wish for a worker: until then, nothing of what they need is loaded. */
async function openHub(): Promise<void> {
  const { Hub } = await import('../parallel/hub/hub.ts')
  hub = new Hub({ sink, memory, output, main: link, numberOf: cell => numbers.get(cell) })
}

function number({ cell, count }: CellRequest): void {
  if (count > 0) numbers.set(cell, count)
  const [oldest] = numbers.size > NUMBERS_KEPT ? numbers.keys() : []
  if (oldest !== undefined) numbers.delete(oldest)
}

async function flushFloods(): Promise<never> {
  for (;;) {
    await sink.flooded()
    await new Promise(resolve => setTimeout(resolve, FLOOD_DELAY))
    sink.flush()
  }
}
