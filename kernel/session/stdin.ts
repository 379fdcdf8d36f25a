import { once } from 'node:events'
import { Readable } from 'node:stream'
import { setImmediate as immediate } from 'node:timers/promises'
import type { Input } from './input.ts'
import { currentOwner } from './owner.ts'

/**
 * Makes `process.stdin` what the user types, line by line: `readline` and `for await` ask in the cell. Each cell gets a stream
 * of its own, so that one that was interrupted keeps no other from its lines.
 */
export function installStdin(inputs: Input, isRunning: (cell: string) => boolean): void {
  let made: { readonly cell: string; readonly stream: Readable } | undefined
  Object.defineProperty(process, 'stdin', {
    configurable: true,
    enumerable: true,
    get() {
      const { cell } = currentOwner()
      if (made?.cell !== cell) made = { cell, stream: lines(inputs, () => isRunning(cell)) }
      return made.stream
    }
  })
}

function lines(inputs: Input, isRunning: () => boolean): Readable {
  const stream = new Readable({ read: () => void next(stream, inputs, isRunning), highWaterMark: 1 })
  return Object.assign(stream, { fd: 0 })
}

/** Streams read ahead: the user is asked only while somebody listens, and the cell runs. */
async function next(stream: Readable, inputs: Input, isRunning: () => boolean): Promise<void> {
  try {
    await immediate()
    if (stream.isPaused() && stream.listenerCount('readable') === 0) await once(stream, 'resume')
    if (isRunning()) stream.push(`${await inputs.askLater('')}\n`)
  } catch (error) {
    stream.destroy(error as Error)
  }
}
