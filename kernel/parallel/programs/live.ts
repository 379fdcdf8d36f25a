import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { constants } from 'node:os'
import { text } from 'node:stream/consumers'
import { UsageError } from '../../errors.ts'
import { descendants, endAll } from './descendants.ts'

export interface LiveOptions {
  readonly cwd?: string
  /** Keeps what it prints to stdout, instead of showing it. Default: false. */
  readonly capture?: boolean
  /** Ends it, and the programs that it has started. */
  readonly signal: AbortSignal
}

export interface LiveEnd {
  /** What was captured. */
  readonly stdout: string
  /** As a shell counts: 130 when it was ended by signal 2. */
  readonly status: number
}

/**
 * Runs a program whose output is the cell's own, as it comes, also what others print that it leaves behind.
 *
 * @example const { status } = await runLive('sh', ['-c', 'make test'], { signal })
 */
export async function runLive(file: string, args: readonly string[], { cwd, capture = false, signal }: LiveOptions): Promise<LiveEnd> {
  signal.throwIfAborted()
  const child = spawn(file, args, { stdio: ['ignore', capture ? 'pipe' : 'inherit', 'inherit'], ...(cwd === undefined ? {} : { cwd }) })
  const interrupt = () => end(child)
  signal.addEventListener('abort', interrupt)
  try {
    const exit = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
    const [[code, killer], stdout] = await Promise.all([exit, child.stdout ? text(child.stdout) : ''])
    return { stdout, status: code ?? 128 + (killer ? constants.signals[killer] : 0) }
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? new UsageError(`There is no program "${file}" on the PATH.`) : error
  } finally {
    signal.removeEventListener('abort', interrupt)
  }
}

/** As Ctrl-C in a terminal does it: all that it has started hear of it as well. */
function end(child: ChildProcess): void {
  if (child.pid !== undefined) endAll([child.pid, ...descendants(child.pid)], 'SIGINT')
}
