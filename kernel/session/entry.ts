/** The session's main thread: the only place where the code of plain cells runs. */
import { syncBuiltinESMExports } from 'node:module'
import { MessageChannel, Worker } from 'node:worker_threads'
import * as api from '../api.ts'
import { flushBeforeExit } from '../output/exits.ts'
import { openSinkMemory, Sink } from '../output/sink.ts'
import { watchChildren } from '../output/children.ts'
import { outputServer } from '../output/inherited.ts'
import { installStreams } from '../output/streams.ts'
import { connectSession } from '../parallel/session-side.ts'
import { entryFile } from '../entry-file.ts'
import { answerQuestion } from './answers.ts'
import { Cells } from './cells.ts'
import { CommTable } from './comms.ts'
import { installDialogs } from './dialogs.ts'
import { Evaluator } from './evaluate.ts'
import { Input } from './input.ts'
import { type Order, type SupervisorData, ThreadNumber, WORDS, Word } from './inside.ts'
import { openModules } from './modules.ts'
import { Notebook } from './notebook.ts'
import { runAs } from './owner.ts'
import { installStackTraces } from './stack.ts'
import { makeTimersInterruptible } from './timers.ts'
import { showUncaught } from './uncaught.ts'

const memory = openSinkMemory()
const words = new SharedArrayBuffer(WORDS * Int32Array.BYTES_PER_ELEMENT)
const input = new MessageChannel()
const link = new MessageChannel()
const output = outputServer()
const data: SupervisorData = { sink: memory, output, words, input: input.port1, link: link.port1 }
const supervisor = new Worker(entryFile('session/supervisor-entry'), { workerData: data, transferList: [input.port1, link.port1], stdin: false })

const sharedWords = new Int32Array(words)
const sink = new Sink(memory, ThreadNumber.main)
const notebook = new Notebook()
const modules = openModules({ href: entryFile('api').href, namespace: api })
const evaluator = new Evaluator()
const inputs = new Input(sink, input.port2, sharedWords)
const comms = new CommTable(sink)
const cells = new Cells({ sink, evaluator, notebook, modules, input: inputs })

installStreams(sink)
flushBeforeExit(sink)
installStackTraces(file => notebook.cell(file))
makeTimersInterruptible(showUncaught(sink))
watchChildren(sink, output)
installDialogs(inputs)
connectSession(link.port2, { evaluator, notebook })
Object.assign(globalThis, { require: modules.require })
syncBuiltinESMExports()

const orders: { readonly [T in Order['type']]: (order: Extract<Order, { type: T }>) => void } = {
  execute: ({ request }) => void cells.run(request),
  ask: ({ id, question }) => sink.event({ type: 'answer', id, answer: answerQuestion(question, { evaluator, notebook, comms }) }),
  interrupt: ({ id }) => {
    if (id === Atomics.load(sharedWords, Word.interruptTaken)) return
    cells.interrupt()
    Atomics.store(sharedWords, Word.interruptTaken, id)
    Atomics.notify(sharedWords, Word.interruptTaken)
    process.nextTick(() => void Promise.resolve().then(() => setImmediate(() => tellHealthy(id))))
  },
  comm: ({ parent, comm }) => {
    runAs({ cell: parent }, () => comms.receive(comm))
    sink.event({ type: 'handled', parent })
  }
}
supervisor.on('message', (order: Order) => (orders[order.type] as (order: Order) => void)(order))
supervisor.on('error', error => {
  throw error
})

function tellHealthy(id: number): void {
  Atomics.store(sharedWords, Word.healthyAfter, id)
  Atomics.notify(sharedWords, Word.healthyAfter)
}
