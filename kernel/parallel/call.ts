import { constants } from 'node:os'
import { UsageError } from '../errors.ts'

export interface CallOptions {
  /** The program's folder. Default: the notebook's. */
  readonly cwd?: string
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Given to the program to read. Default: nothing. */
  readonly input?: string | Uint8Array
  /** Ends the program after so many milliseconds. Default: never. */
  readonly timeout?: number
  /** Ends the program when aborted. */
  readonly signal?: AbortSignal
}

/** What a shell answers for a command that it can't find. */
const NOT_FOUND = 127
const NOT_EXECUTABLE = 126

/**
 * Runs a program and shows what it prints as it comes. Resolves with its exit status: the signal's number, negative,
 * when one ended it; 127, as a shell has it, when there is no such program.
 *
 * @example const status = await call(['nslookup', 'www.so.com'])
 */
export async function call(command: readonly [string, ...string[]] | string, options: CallOptions = {}): Promise<number> {
  const { execa } = await import('execa')
  const [file, ...args] = typeof command === 'string' ? [command] : command
  if (typeof file !== 'string' || file === '') throw new UsageError("call needs a program and its arguments, as in call(['ls', '-l']).")
  const { timeout, signal, input = '', ...rest } = options
  const child = execa(file, args, {
    ...rest,
    input,
    shell: typeof command === 'string',
    buffer: false,
    reject: false,
    stdout: 'pipe',
    stderr: 'pipe',
    ...(timeout === undefined ? {} : { timeout }),
    ...(signal ? { cancelSignal: signal } : {})
  })
  await Promise.all([forward(child.stdout, process.stdout), forward(child.stderr, process.stderr)])
  return status(await child, file)
}

async function forward(from: AsyncIterable<unknown>, to: NodeJS.WriteStream): Promise<void> {
  try {
    for await (const chunk of from) to.write(chunk as Uint8Array)
  } catch {
    // How the program ended says what its broken output can't.
  }
}

interface Finished {
  readonly exitCode?: number | undefined
  readonly signal?: NodeJS.Signals | undefined
  readonly code?: string | undefined
  readonly cause?: unknown
}

function status(result: Finished, file: string): number {
  if (result.exitCode !== undefined) return result.exitCode
  if (result.signal) return -constants.signals[result.signal]
  const missing = result.code === 'ENOENT'
  process.stderr.write(`${file}: ${missing ? 'command not found' : String((result.cause as Error | undefined)?.message ?? result.code)}\n`)
  return missing ? NOT_FOUND : NOT_EXECUTABLE
}
