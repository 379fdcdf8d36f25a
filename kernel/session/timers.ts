import timers from 'node:timers'
import { currentOwner, isAbandoned, isWorkOf } from './owner.ts'

type Callback = (...args: unknown[]) => unknown
type Timer = (callback: Callback, ...rest: unknown[]) => unknown

/**
 * Runs timer callbacks from a microtask. V8 can end an endless loop there and leave the process healthy; ended right
 * in a timer's callback, Node's async-hooks stack is corrupt and the process aborts.
 */
export function makeTimersInterruptible(onError: (error: unknown) => void): void {
  for (const name of ['setTimeout', 'setInterval', 'setImmediate'] as const) {
    const original = timers[name] as unknown as Timer
    const wrapped: Timer = (callback, ...rest) =>
      original(typeof callback === 'function' ? inMicrotask(callback, onError) : callback, ...rest)
    Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original))
    Object.defineProperty(globalThis, name, { configurable: true, writable: true, enumerable: true, value: wrapped })
    Object.defineProperty(timers, name, { configurable: true, writable: true, enumerable: true, value: wrapped })
  }
}

let made = 0
/** Timers of a cell that were made up to this count are void. */
const cancelled = new Map<string, number>()

/** What an interrupted cell has set up must not start when the cell is over. */
export function cancelTimersOf(cell: string): void {
  cancelled.set(cell, made)
}

/** Ticks come before all else: as long as the cell's own make new ones, not even its end is heard of. Returns what ends that. */
export function dropTicksOf(cell: string): () => void {
  const { nextTick } = process
  process.nextTick = (callback: Callback, ...args: unknown[]) => {
    if (!isWorkOf(cell)) nextTick(callback, ...args)
  }
  return () => {
    process.nextTick = nextTick
  }
}

function inMicrotask(callback: Callback, onError: (error: unknown) => void): Callback {
  const { cell } = currentOwner()
  const number = ++made
  let running = false
  return function (this: unknown, ...args) {
    // One that still runs was ended in the middle: an interval must not start the endless loop again.
    if (running || isAbandoned() || number <= (cancelled.get(cell) ?? 0)) return clearInterval(this as NodeJS.Timeout)
    running = true
    const run = () => {
      try {
        return callback.apply(this, args)
      } finally {
        running = false
      }
    }
    void Promise.resolve().then(run).catch(onError)
  }
}
