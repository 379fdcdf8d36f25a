/** The session's supervisor thread: awake while a cell blocks the main thread. */
import net from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { followFrames } from '../channel/frames.ts'
import { serveInherited } from '../output/inherited.ts'
import { Sink, ThreadNumber } from '../output/sink.ts'
import type { Hub } from '../parallel/hub/hub.ts'
import type { WorkerPlace } from '../parallel/protocol.ts'
import { killSession } from './broken.ts'
import { CHANNEL, isOrder, type Order, type SupervisorData, Word } from './inside.ts'
import { Holdup } from './holdup.ts'
import { Interrupter } from './interrupt.ts'
import type { CellRequest, Request } from './protocol.ts'
import { StaleRuns } from './stale-runs.ts'
import { END_STALE } from './whereabouts.ts'

/** How long a flood of output may gather, in milliseconds. */
const FLOOD_DELAY = 5
/** Cells whose numbers are remembered: what they have started may still run. */
const NUMBERS_KEPT = 10_000

const { sink: memory, output, words: shared, folder, input, link, orders } = workerData as SupervisorData
const words = new Int32Array(shared)
const sink = new Sink(memory, ThreadNumber.supervisor)
let hub: Hub | undefined
const order = (message: Order): void => orders.postMessage(message)
let runningCell = ''
/** Where the workers of the cell were that was interrupted last. */
let places: readonly WorkerPlace[] = []
const numbers = new Map<string, number>()
const interrupter = new Interrupter({ words, sink, tellMain: id => order({ type: 'interrupt', id, places }), runningCell: () => runningCell })
const holdup = new Holdup({ words, sink, runningCell: () => runningCell, look: patience => interrupter.look(patience) })
const staleRuns = new StaleRuns(words, controls => interrupter.evaluate(`${END_STALE}(${JSON.stringify(controls)})`))

const handlers: { readonly [T in Request['type']]: (request: Extract<Request, { type: T }>) => void } = {
  execute: request =>
    void interrupter.settled.then(() => {
      const begun = Atomics.load(words, Word.cellsBegun)
      order(request)
      begin(request.request)
      void interrupter.makeRoom(begun)
      holdup.expect(begun)
    }),
  ask: order,
  comms: request => {
    order(request)
    staleRuns.watch(request.arrivals)
  },
  interrupt: ({ cell }) => {
    const [workers, running] = [hub, cell ?? runningCell]
    if (!workers) return interrupter.interrupt(running)
    // What workers have said by now comes first.
    setImmediate(() => {
      places = workers.placesIn(running)
      if (cell !== undefined) workers.interrupt(cell)
      interrupter.interrupt(running)
    })
  },
  input: ({ id, value }) => {
    input.postMessage({ id, value })
    Atomics.add(words, Word.inputs, 1)
    Atomics.notify(words, Word.inputs)
  }
}

serveInherited(output, sink)
orders.once('close', () => {
  sink.event({ type: 'lost', reason: 'the code closed what the cells come by' })
  killSession()
})
parentPort?.once('message', () => void openHub())
void flushFloods()
handleFirst(await firstRequest())
const channel = new net.Socket({ fd: CHANNEL, readable: true, writable: false })
await followFrames<Request>(channel, handle)
// The front is gone, however it went.
killSession()

function handle(request: Request): void {
  ;(handlers[request.type] as (request: Request) => void)(request)
}

async function firstRequest(): Promise<Request> {
  const { promise, resolve } = Promise.withResolvers<Request>()
  orders.once('message', resolve)
  return promise
}

/** The main thread has it already. */
function handleFirst(request: Request): void {
  if (request.type === 'execute') begin(request.request)
  else if (request.type === 'comms') staleRuns.watch(request.arrivals)
  else if (!isOrder(request)) handle(request)
}

function begin(request: CellRequest): void {
  runningCell = request.cell
  number(request)
}

/** The session's first wish for a worker: until then, nothing of what they need is loaded. */
async function openHub(): Promise<void> {
  const { Hub } = await import('../parallel/hub/hub.ts')
  hub = new Hub({ sink, memory, output, folder, main: link, numberOf: cell => numbers.get(cell) })
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
