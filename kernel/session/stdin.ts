import { once } from 'node:events'
import { Readable } from 'node:stream'
import { setImmediate as immediate } from 'node:timers/promises'
import { refuseQuestions } from '../runtime/refused-questions.ts'
import type { Input } from './input.ts'
import { currentOwner } from './owner.ts'

/**
 * Makes `process.stdin` what the user types, line by line: `readline` and `for await` ask in the cell. Each cell gets a stream
 * of its own, so that one that was interrupted keeps no other from its lines. Where nobody can answer it is empty, as it is
 * for programs that run without a terminal; a question of `readline`, which Node would never settle, is an error.
 */
export function installStdin(inputs: Input, isRunning: (cell: string) => boolean): void {
  let made: { readonly cell: string; readonly stream: Readable } | undefined
  Object.defineProperty(process, 'stdin', {
    configurable: true,
    enumerable: true,
    get() {
      const { cell } = currentOwner()
      if (made?.cell !== cell) made = { cell, stream: inputs.allowed ? lines(inputs, () => isRunning(cell)) : emptyStream(inputs) }
      return made.stream
    }
  })
}

/** Says, once, why there is nothing. */
function emptyStream(inputs: Input): Readable {
  const stream = new Readable({
    read() {
      process.stderr.write(`process.stdin is empty. ${inputs.refusal().message}\n`)
      stream.push(null)
    }
  })
  refuseQuestions(stream, () => inputs.refusal())
  return Object.assign(stream, { fd: 0 })
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
