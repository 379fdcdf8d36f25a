import { createRequire, syncBuiltinESMExports } from 'node:module'
import net from 'node:net'
import { fileURLToPath } from 'node:url'
import type { MessagePort, Worker } from 'node:worker_threads'
import { followFrames } from '../channel/frames.ts'
import { type CommTable, openComms } from '../comms/comms.ts'
import { Inbox } from '../comms/inbox.ts'
import { showErrorsAs, showOn } from '../display/display.ts'
import { entryFile } from '../entry-file.ts'
import { watchChildren } from '../output/children.ts'
import { flushBeforeExit } from '../output/exits.ts'
import type { OutputServer } from '../output/inherited.ts'
import { Sink, type SinkMemory, ThreadNumber } from '../output/sink.ts'
import { installStreams } from '../output/streams.ts'
import { installCell } from '../runtime/cell.ts'
import { type Modules, openModules } from '../runtime/modules.ts'
import { installStackTraces } from '../runtime/stack.ts'
import { answerQuestion, type Sources } from './answers.ts'
import { endBroken, killSession } from './broken.ts'
import { toCellError } from './cell-error.ts'
import { CellNews } from './cell-news.ts'
import { Cells } from './cells.ts'
import { installDialogs } from './dialogs.ts'
import { installStdin } from './stdin.ts'
import { Evaluator } from './evaluate.ts'
import { Input } from './input.ts'
import { TASKS } from './descriptors.ts'
import { type Order, Word } from './inside.ts'
import { Notebook } from './notebook.ts'
import { noteGlobals, noteReady } from '../parallel/capture/globals.ts'
import type { Place } from '../parallel/client/client.ts'
import type { CellRequest, Question, Task } from './protocol.ts'
import { useQuiet } from './quiet.ts'
import { RESULT_NAMES } from './results.ts'
import { makeTimersInterruptible } from './timers.ts'
import { showUncaught } from './uncaught.ts'
import type { connectSession, Parts } from './workers-entry.ts'

export interface MainThreadOptions {
  readonly memory: SinkMemory
  readonly words: SharedArrayBuffer
  readonly output: OutputServer
  readonly input: MessagePort
  readonly link: MessagePort
  readonly orders: MessagePort
  readonly supervisor: Worker
}

/** The session's main thread: the only place where the code of plain cells runs. */
export function startMainThread({ memory, words, output, input, link, orders, supervisor }: MainThreadOptions): void {
  noteGlobals()
  const shared = new Int32Array(words)
  const sink = new Sink(memory, ThreadNumber.main)
  const notebook = new Notebook()
  const evaluator = new Evaluator()
  const news = new CellNews()
  const prepare = once(() => whileLoading(shared, () => news.connect(loadWorkers(supervisor, link, { evaluator, notebook, modules, place }))))
  const modules: Modules = openModules(prepare, process.cwd())
  const inputs = new Input(sink, input, shared)
  const isInterrupted = (): boolean => Atomics.load(shared, Word.interruptWanted) !== Atomics.load(shared, Word.interruptTaken)
  const cells = new Cells({ sink, evaluator, notebook, modules, isInterrupted, input: inputs })
  const comms = openComms(sink, widget => inputs.outputs(widget))
  const place: Place = {
    hold: alive => [supervisor, link, orders].forEach(each => (alive ? each.ref() : each.unref())),
    isWaiting: () => cells.isRunning && !inputs.isAsking && comms.isEmpty
  }

  installStreams(sink)
  showOn(sink)
  showErrorsAs(toCellError)
  flushBeforeExit(sink)
  installStackTraces(file => notebook.cell(file))
  makeTimersInterruptible(showUncaught(sink))
  watchChildren(sink, output)
  installDialogs(inputs)
  installStdin(inputs, cell => cells.isOpen(cell))
  installCell()
  Object.assign(globalThis, { require: modules.require })
  syncBuiltinESMExports()
  noteReady(RESULT_NAMES)

  const handlers = handlersFor({ cells, news, comms, sink, words: shared }, { evaluator, notebook })
  const isBusy = useQuiet(work => whileLoading(shared, work))
  const handle = (what: Task | Order): void => {
    isBusy()
    ;(handlers[what.type] as (what: Task | Order) => void)(what)
  }
  orders.on('message', handle)
  supervisor.on('error', error => {
    throw error
  })
  sink.event({ type: 'ready' })
  Atomics.store(shared, Word.ready, 1)
  Atomics.notify(shared, Word.ready)
  followTasks(sink, handle)
}

/** One after the other, each by itself: what one of them does, or has ended in the middle, must not touch the reading. */
function followTasks(sink: Sink, handle: (task: Task) => void): void {
  const tasks = new net.Socket({ fd: TASKS, readable: true, writable: false })
  // What else there is keeps the process going.
  tasks.unref()
  // The front is gone: so goes this session.
  tasks.once('end', killSession)
  tasks.once('close', () => {
    sink.event({ type: 'lost', reason: 'the code closed what the cells come by' })
    killSession()
  })
  void followFrames<Task>(tasks, async task => {
    await undefined
    handle(task)
  })
}

/** At once, also where a module of the user's imports `paracell`, which no promise can hold up. */
function loadWorkers(supervisor: Worker, link: MessagePort, parts: Parts): (cell: CellRequest) => void {
  const load = createRequire(import.meta.url)
  const entry = load(fileURLToPath(entryFile('session/workers-entry'))) as { readonly connectSession: typeof connectSession }
  supervisor.postMessage('hub')
  return entry.connectSession(link, parts)
}

function whileLoading<T>(words: Int32Array, load: () => T): T {
  tell(words, Word.loading, 1)
  try {
    return load()
  } finally {
    tell(words, Word.loading, 0)
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => (made ??= { value: make() }).value
}

type Handlers = { readonly [T in (Task | Order)['type']]: (what: Extract<Task | Order, { type: T }>) => void }

interface Handling {
  readonly cells: Cells
  readonly news: CellNews
  readonly comms: CommTable
  readonly sink: Sink
  readonly words: Int32Array
}

function handlersFor({ cells, news, comms, sink, words }: Handling, sources: Sources): Handlers {
  const inbox = new Inbox(comms)
  const healthy = (id: number): void => {
    // Told more than once: the next cell may run already.
    if (Atomics.load(words, Word.healthyAfter) === id) return
    // By now it has ended, unless a termination that came late has hit its very end.
    cells.endInterrupted()
    cells.allowTicks()
    tell(words, Word.healthyAfter, id)
  }
  const runOrEnd = async (request: CellRequest): Promise<void> => {
    try {
      await cells.run(request)
    } catch (error) {
      endBroken(sink, error)
    }
  }
  const answer = async (id: number, question: Question): Promise<void> => {
    sink.event({ type: 'answer', id, answer: await answerQuestion(question, sources) })
  }
  return {
    execute: ({ request, number }) => {
      tell(words, Word.cellsBegun, number)
      news.begin(request)
      void runOrEnd(request)
    },
    ask: ({ id, question }) => void answer(id, question),
    interrupt: ({ id, cell, places }) => {
      if (id !== Atomics.load(words, Word.interruptTaken)) {
        cells.interrupt(cell, places)
        comms.interrupt()
        inbox.resume()
      }
      tell(words, Word.interruptTaken, id)
      process.nextTick(() => void Promise.resolve().then(() => setImmediate(() => healthy(id))))
    },
    comms: ({ arrivals }) => {
      tell(words, Word.commsTaken, Atomics.load(words, Word.commsTaken) + 1)
      inbox.take(arrivals)
    }
  }
}

function tell(words: Int32Array, word: number, id: number): void {
  Atomics.store(words, word, id)
  Atomics.notify(words, word)
}
