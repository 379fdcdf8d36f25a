/** What may wake a realm, though Node doesn't count it among what a program is left to do. */
import { ChildProcess } from 'node:child_process'
import net from 'node:net'
import { constants } from 'node:os'
import { Worker } from 'node:worker_threads'

/** The parts of Node's timers that say when they fire. */
interface Timer {
  readonly _idleTimeout?: number
  readonly _repeat?: number | null
}

type Prototype = Record<string, (...args: unknown[]) => unknown>

/** After so many handles it is worth a look which of them are closed. */
const PLENTY = 1000

let isWatching = false
let isQuiet = false
/** When the last of the timers that were unreferenced fires, as `performance.now()` counts. */
let lastTimer = -Infinity
/** Waits for memory to change, in promises that keep no program alive. */
let memoryWaits = 0
const handles = new Set<WeakRef<object>>()

/** From now on, notes what is unreferenced. */
export function watchUnreferenced(): void {
  if (isWatching) return
  isWatching = true
  const timer = setTimeout(() => undefined)
  clearTimeout(timer)
  before(Object.getPrototypeOf(timer) as Prototype, 'unref', noteTimer)
  for (const kind of [ChildProcess, net.Socket, net.Server, Worker]) before(kind.prototype as unknown as Prototype, 'unref', noteHandle)
  watchMemory()
}

/** Does something that takes back the kernel's own references, which wake nobody. */
export function quietly(work: () => void): void {
  isQuiet = true
  try {
    work()
  } finally {
    isQuiet = false
  }
}

/** Whether something may happen here that Node doesn't count: a timer, the end of a program, a signal, a change of memory. */
export function mayBeWoken(): boolean {
  forgetClosed()
  return performance.now() < lastTimer || memoryWaits > 0 || handles.size > 0 || process.eventNames().some(name => name in constants.signals)
}

function before(prototype: Prototype, name: string, note: (self: object) => void): void {
  const original = prototype[name] as Prototype[string]
  prototype[name] = function (this: object, ...args: unknown[]) {
    if (!isQuiet) note(this)
    return Reflect.apply(original, this, args)
  }
}

function noteTimer({ _idleTimeout: delay = 0, _repeat: repeats }: Timer): void {
  lastTimer = Math.max(lastTimer, repeats ? Infinity : performance.now() + delay)
}

function noteHandle(handle: object): void {
  handles.add(new WeakRef(handle))
  if (handles.size % PLENTY === 0) forgetClosed()
}

function forgetClosed(): void {
  for (const reference of handles) if (!isOpen(reference.deref())) handles.delete(reference)
}

function isOpen(handle: object | undefined): boolean {
  if (handle instanceof ChildProcess) return handle.exitCode === null && handle.signalCode === null
  if (handle instanceof net.Socket) return !handle.destroyed
  if (handle instanceof net.Server) return handle.listening
  return handle instanceof Worker && handle.threadId !== -1
}

function watchMemory(): void {
  const { waitAsync } = Atomics
  const noting = (...args: Parameters<typeof waitAsync>): ReturnType<typeof waitAsync> => {
    const waiting = waitAsync(...args)
    if (!waiting.async) return waiting
    memoryWaits++
    void waiting.value.then(() => memoryWaits--)
    return waiting
  }
  Atomics.waitAsync = Object.defineProperties(noting, Object.getOwnPropertyDescriptors(waitAsync)) as typeof waitAsync
}
