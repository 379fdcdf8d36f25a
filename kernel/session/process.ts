import { type ChildProcess, spawn } from 'node:child_process'
import { Duplex, type Readable, type Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { entryFile } from '../entry-file.ts'
import { CHANNEL, TASKS } from './descriptors.ts'

/** A process that holds a notebook's variables. */
export interface SessionProcess {
  readonly stdout: Readable
  readonly stderr: Readable
  /** Where its main thread gets its tasks. */
  readonly tasks: Writable
  /** Where its supervisor hears of what can't wait for that. */
  readonly channel: Writable
  /** How it ended, in words. */
  readonly ended: Promise<string>
  /** Has it go on where it, or its code, has stopped it. */
  wake(): void
  /** Ends it together with all that it has started. */
  kill(): void
}

/** Starts a session's process. This file needs little, so that a kernel can do it before it loads anything else. */
export function startProcess(): SessionProcess {
  // A process group of its own: what a cell starts can be ended with it, and a terminal's Ctrl-C is the front's alone.
  const child = spawn(process.execPath, ['--no-warnings', fileURLToPath(entryFile('session/entry'))], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    detached: true
  })
  const [tasks, channel] = [wayIn(child, TASKS), wayIn(child, CHANNEL)]
  return { stdout: child.stdout as Readable, stderr: child.stderr as Readable, tasks, channel, ended: ending(child), wake: () => void child.kill('SIGCONT'), kill: () => killGroup(child) }
}

function wayIn({ stdio }: ChildProcess, descriptor: number): Writable {
  const stream = stdio[descriptor] as Writable
  // Its end is told by `exit`, with the reason.
  stream.on('error', () => undefined)
  // Nothing comes this way but its end.
  if (stream instanceof Duplex) stream.resume()
  return stream
}

function ending(child: ChildProcess): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  child.once('exit', (code, signal) => resolve(describe(code, signal)))
  child.once('error', error => resolve(`it could not start: ${error.message}`))
  return promise
}

function describe(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === 'SIGABRT') return 'it aborted (SIGABRT), perhaps out of memory'
  return signal ? `it was killed by ${signal}` : `the code ended it with exit code ${code}`
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // Nobody is left in it.
  }
}
