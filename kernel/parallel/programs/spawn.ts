import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { ResultPromise } from 'execa'
import { type WaitOptions, within } from '../client/limits.ts'
import { type Command, execa, exitNumber, notStarted, type ProgramOptions, toExeca, whole } from './command.ts'
import { descendants, signalAll } from './descendants.ts'
import { Input } from './input.ts'
import { Lines } from './lines.ts'

/**
 * Starts a program and returns at once: what it prints is read line by line, what it reads is written, while it runs.
 *
 * @example
 * await using sorter = spawn(['sort'])
 * await sorter.stdin.end('b\na\n')
 * for await (const line of sorter.stdout) console.log(line) // a, b
 *
 * @example
 * const words = spawn(['echo', 'to be or not to be']).pipe(['tr', ' ', '\n']).pipe(['sort']).pipe(['uniq', '-c'])
 * for await (const line of words.stdout) console.log(line)
 */
export function spawn(command: Command, options: ProgramOptions = {}): Program {
  return new Program(command, options)
}

/**
 * A program that runs. It ends with the session at the latest, and when its cell is interrupted.
 *
 * @example
 * const program = spawn(['sleep', '60'])
 * program.terminate()
 * await program.wait() // -15
 */
export class Program implements AsyncDisposable {
  /** Its lines, as they come. Until somebody reads them, or waits for its end, a program that prints much waits. */
  readonly stdout: Lines
  readonly stderr: Lines
  readonly stdin: Input
  readonly #child: ReturnType<typeof start>
  readonly #ended: Promise<number>
  /** Whether a shell runs it. */
  readonly #isLine: boolean
  #source: Program | undefined
  #exitCode: number | undefined
  #signal: NodeJS.Signals | undefined

  constructor(command: Command, options: ProgramOptions) {
    this.#child = start(command, options)
    this.#isLine = typeof command === 'string'
    this.#ended = this.#watch(typeof command === 'string' ? command : command[0])
    this.#ended.catch(() => undefined)
    this.stdout = new Lines(this.#child.stdout, () => this.#started())
    this.stderr = new Lines(this.#child.stderr, () => this.#started())
    this.stdin = new Input(this.#child.stdin as Writable)
  }

  /** The operating system's number; undefined when it could not start, as `wait` tells. */
  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Python's number, once it has ended: `-9` when killed by signal 9. */
  get exitCode(): number | undefined {
    return this.#exitCode
  }

  /** The name of the signal that ended it. */
  get signal(): NodeJS.Signals | undefined {
    return this.#signal
  }

  /**
   * Waits for its end and resolves with the exit code. What nobody reads is thrown away, and a program to which nothing
   * was written gets the end of its input. Rejects with TimedOut when `timeout` milliseconds were not enough.
   */
  async wait(limits: WaitOptions = {}): Promise<number> {
    this.stdin.endUnused()
    this.stdout.drain()
    this.stderr.drain()
    return await within(this.#ended, limits)
  }

  /** Asks it to end (SIGTERM); of a shell's line, all of its programs. */
  terminate(): void {
    this.#send('SIGTERM')
  }

  /** Ends it at once (SIGKILL); of a shell's line, all of its programs. */
  kill(): void {
    this.#send('SIGKILL')
  }

  #send(signal: NodeJS.Signals): void {
    const below = this.#isLine && this.pid !== undefined && this.#exitCode === undefined ? descendants(this.pid) : []
    this.#child.kill(signal)
    signalAll(below, signal)
  }

  /** Starts another program that reads what this one prints, and returns that one. Disposing of it ends both. */
  pipe(command: Command, options: ProgramOptions = {}): Program {
    const next = new Program(command, options)
    next.#source = this
    next.stdin.isUsed = true
    this.stdout.drain()
    // How each of them ended is told by itself.
    this.#child.pipe(next.#child as unknown as ResultPromise).catch(() => undefined)
    this.stdin.endUnused()
    this.stderr.drain()
    return next
  }

  /** Kills it, and those whose output it reads. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.kill()
    await this.#source?.[Symbol.asyncDispose]()
    await this.#ended.catch(() => undefined)
  }

  async #watch(file: string): Promise<number> {
    if (this.pid === undefined) throw notStarted(file, await this.#child)
    const [exitCode, signal] = (await once(this.#child.nodeChildProcess, 'exit')) as [number | null, NodeJS.Signals | null]
    this.#signal = signal ?? undefined
    this.#exitCode = exitNumber({ exitCode: exitCode ?? undefined, signal: this.#signal })
    return this.#exitCode as number
  }

  /** Resolves at once if it runs or ran. */
  async #started(): Promise<void> {
    if (this.pid === undefined) await this.#ended
  }
}

function start(command: Command, options: ProgramOptions) {
  const { file, args, options: common } = toExeca('spawn', command, options)
  const child = whole(common, () => execa()(file, args, { ...common, buffer: false, stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' }))
  // Told by its exit code.
  child.catch(() => undefined)
  return child
}
