/** The session's supervisor thread: awake while a cell blocks the main thread. */
import net from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'
import { followFrames } from '../channel/frames.ts'
import { serveInherited } from '../output/inherited.ts'
import { Sink, ThreadNumber } from '../output/sink.ts'
import type { Hub } from '../parallel/hub/hub.ts'
import type { WorkerPlace } from '../parallel/protocol.ts'
import { killSession } from './broken.ts'
import { type Order, type SupervisorData, Word } from './inside.ts'
import { CHANNEL } from './descriptors.ts'
import { Holdup } from './holdup.ts'
import { Interrupter } from './interrupt.ts'
import type { Request } from './protocol.ts'
import { StaleRuns } from './stale-runs.ts'
import { END_STALE } from './whereabouts.ts'

/** How long a flood of output may gather, in milliseconds. */
const FLOOD_DELAY = 5

const { sink: memory, output, words: shared, folder, input, link, orders } = workerData as SupervisorData
const words = new Int32Array(shared)
const sink = new Sink(memory, ThreadNumber.supervisor)
let hub: Hub | undefined
const order = (message: Order): void => orders.postMessage(message)
let runningCell = ''
/** Where the workers of the cell were that was interrupted last. */
let places: readonly WorkerPlace[] = []
const interrupter = new Interrupter({ words, sink, tellMain: id => order({ type: 'interrupt', id, cell: runningCell, places }), runningCell: () => runningCell })
const holdup = new Holdup({ words, sink, runningCell: () => runningCell, look: patience => interrupter.look(patience) })
const staleRuns = new StaleRuns(words, controls => interrupter.evaluate(`${END_STALE}(${JSON.stringify(controls)})`))

const handlers: { readonly [T in Request['type']]: (request: Extract<Request, { type: T }>) => void } = {
  execute: request =>
    void interrupter.settled.then(() => {
      order(request)
      begin(request.request.cell, request.number)
      void interrupter.makeRoom(request.number)
    }),
  runs: ({ cell, number }) => begin(cell, number),
  comms: ({ ids }) => staleRuns.watch(ids),
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
await followFrames<Request>(openChannel(), handle)
// The front is gone, however it went.
killSession()

/** A first cell may be quicker than this thread. */
function openChannel(): net.Socket {
  try {
    return new net.Socket({ fd: CHANNEL, readable: true, writable: false })
  } catch (error) {
    sink.event({ type: 'lost', reason: `the code closed descriptor ${CHANNEL}, by which it takes requests` })
    killSession()
    throw error
  }
}

function handle(request: Request): void {
  ;(handlers[request.type] as (request: Request) => void)(request)
}

function begin(cell: string, number: number): void {
  runningCell = cell
  holdup.expect(number)
}

/** The session's first wish for a worker: until then, nothing of what they need is loaded. */
async function openHub(): Promise<void> {
  const { Hub } = await import('../parallel/hub/hub.ts')
  hub = new Hub({ sink, memory, output, folder, main: link })
}

async function flushFloods(): Promise<never> {
  for (;;) {
    await sink.flooded()
    await new Promise(resolve => setTimeout(resolve, FLOOD_DELAY))
    sink.flush()
  }
}
