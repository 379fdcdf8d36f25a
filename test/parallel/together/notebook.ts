import { openSession } from '../../../kernel/session/host.ts'
import type { CellError, SessionEvent } from '../../../kernel/session/protocol.ts'

/** What a cell brought about. */
export interface Ran {
  readonly stdout: string
  readonly stderr: string
  readonly error: CellError | undefined
}

/** A session, with nothing between it and the test. */
export interface Notebook extends AsyncDisposable {
  /** Runs a cell that may fail. */
  attempt(code: string): Promise<Ran>
  /** Runs a cell that must not fail; resolves to the lines that it printed. */
  run(code: string): Promise<string[]>
  /** Resolves to something like this when it is printed to stdout or stderr, or was since the last cell began. */
  printed(pattern: RegExp): Promise<string>
  interrupt(): Promise<void>
}

const NAMES =
  'activeChildren, Barrier, BoundedSemaphore, BrokenBarrierError, Condition, ConnectionClosed, cpuCount, currentThread, Event, getStartMethod, Lock, Pipe, Process, Queue, QueueClosed, QueueEmpty, QueueFull, RLock, Semaphore, setStartMethod, SimpleQueue, sleep, Thread, TimedOut, Timer, Value'

/** @example await using notebook = await openNotebook() */
export async function openNotebook(): Promise<Notebook> {
  const session = openSession()
  let output = { stdout: '', stderr: '' }
  let failure: CellError | undefined
  let count = 0
  const watchers = new Set<() => void>()
  const see = (event: SessionEvent) => {
    if (event.type === 'stream') output[event.name] += event.text
    if (event.type === 'error') failure = event.error
    if (event.type === 'stream') for (const watcher of watchers) watcher()
  }
  const reading = (async () => {
    for await (const event of session.events) see(event)
  })()
  const attempt = async (code: string): Promise<Ran> => {
    output = { stdout: '', stderr: '' }
    failure = undefined
    const cell = `cell-${++count}`
    await session.execute({ cell, count, code, silent: false, storeHistory: false, userExpressions: {}, allowStdin: false })
    return { ...output, error: failure }
  }
  const run = async (code: string) => {
    const { stdout, error } = await attempt(code)
    if (error) throw new Error(`The cell failed:\n${code}\n${error.traceback.join('\n')}`)
    return stdout.split('\n').slice(0, -1)
  }
  const printed = (pattern: RegExp) => {
    const { promise, resolve } = Promise.withResolvers<string>()
    const watcher = () => {
      const [found] = pattern.exec(output.stdout + output.stderr) ?? []
      if (found) resolve(found)
    }
    watchers.add(watcher)
    watcher()
    return promise.finally(() => watchers.delete(watcher))
  }
  const close = async () => {
    await session[Symbol.asyncDispose]()
    await reading
  }
  await run(`import { ${NAMES} } from 'paracell'`)
  return { attempt, run, printed, interrupt: () => session.interrupt(), [Symbol.asyncDispose]: close }
}
