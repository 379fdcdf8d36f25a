import { openSession } from '../../../kernel/session/host.ts'
import type { CellError, MimeBundle, SessionEvent } from '../../../kernel/session/protocol.ts'

/** What a cell brought about. */
export interface Ran {
  readonly stdout: string
  readonly stderr: string
  readonly error: CellError | undefined
  /** What it displayed, in order. */
  readonly displays: readonly MimeBundle[]
}

/** A session, with nothing between it and the test. */
export interface Notebook extends AsyncDisposable {
  /** Runs a cell that may fail. */
  attempt(code: string): Promise<Ran>
  /** Runs a cell that must not fail; resolves to the lines that it printed. */
  run(code: string): Promise<string[]>
  /** Resolves to something like this when it is printed to stdout or stderr, or was since the last cell began. */
  printed(pattern: RegExp): Promise<string>
  /** Resolves when the cell that runs, or was run last, has displayed something of this type. */
  displayed(type: string): Promise<Ran>
  interrupt(): Promise<void>
}

const NAMES =
  'activeChildren, Barrier, BoundedSemaphore, BrokenBarrierError, Condition, ConnectionClosed, cpuCount, currentProcess, currentThread, Event, getStartMethod, LifoQueue, Lock, Pipe, Pool, PriorityQueue, Process, Queue, QueueClosed, QueueEmpty, QueueFull, RLock, Semaphore, setStartMethod, SimpleQueue, sleep, snapshot, Thread, TimedOut, Timer, trace, Value'

/** @example await using notebook = await openNotebook() */
export async function openNotebook(): Promise<Notebook> {
  const session = openSession()
  let output = { stdout: '', stderr: '' }
  let displays: MimeBundle[] = []
  let failure: CellError | undefined
  let count = 0
  const watchers = new Set<() => void>()
  const see = (event: SessionEvent) => {
    if (event.type === 'stream') output[event.name] += event.text
    if (event.type === 'error') failure = event.error
    if (event.type === 'display' || event.type === 'result') displays.push(event.data)
    for (const watcher of watchers) watcher()
  }
  const reading = (async () => {
    for await (const event of session.events) see(event)
  })()
  const attempt = async (code: string): Promise<Ran> => {
    output = { stdout: '', stderr: '' }
    failure = undefined
    displays = []
    const cell = `cell-${++count}`
    await session.execute({ cell, count, code, silent: false, storeHistory: false, userExpressions: {}, allowStdin: false })
    return { ...output, error: failure, displays }
  }
  const run = async (code: string) => {
    const { stdout, error } = await attempt(code)
    if (error) throw new Error(`The cell failed:\n${code}\n${error.traceback.join('\n')}`)
    return stdout.split('\n').slice(0, -1)
  }
  const until = <T>(look: () => T | undefined) => {
    const { promise, resolve } = Promise.withResolvers<T>()
    const watcher = () => {
      const found = look()
      if (found !== undefined) resolve(found)
    }
    watchers.add(watcher)
    watcher()
    return promise.finally(() => watchers.delete(watcher))
  }
  const printed = (pattern: RegExp) => until(() => pattern.exec(output.stdout + output.stderr)?.[0])
  const displayed = (type: string) => until(() => (displays.some(data => type in data) ? { ...output, error: failure, displays } : undefined))
  const close = async () => {
    await session[Symbol.asyncDispose]()
    await reading
  }
  await run(`import { ${NAMES} } from 'paracell'`)
  return { attempt, run, printed, displayed, interrupt: () => session.interrupt(), [Symbol.asyncDispose]: close }
}
