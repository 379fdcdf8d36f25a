import { setInterval } from 'node:timers/promises'
import type { RemoteErrorData, WorkerSpec } from '../protocol.ts'
import type { Running } from './workers.ts'

/** How often a worker's memory is looked at, in milliseconds. */
const INTERVAL = 100
const MB = 2 ** 20

/** Ends a worker that takes too long or too much memory. `exceeded` is told why, before it ends. */
export function limit({ timeout, maxMemory }: WorkerSpec, running: Running, exceeded: (reason: RemoteErrorData) => void): void {
  if (timeout === undefined && maxMemory === undefined) return
  const over = new AbortController()
  const end = (name: string, message: string) => {
    over.abort()
    exceeded({ name, message, stack: '' })
    running.kill('SIGKILL')
  }
  void running.ended.then(() => over.abort())
  if (timeout !== undefined) limitTime(timeout, over.signal, message => end('TimedOut', message))
  if (maxMemory !== undefined) void limitMemory(maxMemory, running, over.signal, message => end('OutOfMemory', message))
}

function limitTime(timeout: number, over: AbortSignal, end: (message: string) => void): void {
  const timer = setTimeout(() => end(`it took longer than ${timeout} ms and was ended`), timeout)
  over.addEventListener('abort', () => clearTimeout(timer))
}

/** V8's own limit for a thread is no help: a heap that overshoots it ends the whole process. */
async function limitMemory(maxMemory: number, running: Running, signal: AbortSignal, end: (message: string) => void): Promise<void> {
  try {
    for await (const _ of setInterval(INTERVAL, undefined, { signal, ref: false })) {
      const used = await usedBy(running)
      if (used > maxMemory * MB && !signal.aborted) end(`it used ${Math.round(used / MB)} MB of memory, more than its maxMemory of ${maxMemory} MB, and was ended`)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** Nothing can be learnt of one that is still beginning, or has just ended. */
async function usedBy(running: Running): Promise<number> {
  const spent = await running.spent().catch(() => undefined)
  return spent?.memory ?? 0
}
