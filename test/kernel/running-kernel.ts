import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { EventEmitter, once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { type ConnectionFile, temporaryConnection } from '../support/connection.ts'
import { type ClientOptions, type Execution, JupyterClient, typeOf } from '../support/jupyter-client.ts'
import { markOf } from './processes.ts'

/** What users get where everything is tested, after the build; else the source as it is. */
const main = join(import.meta.dirname, '..', '..', ...(process.env['PARACELL_TEST_BUILD'] ? ['dist', 'main.js'] : ['kernel', 'main.ts']))

export interface KernelOptions {
  readonly connection?: Partial<ConnectionFile>
  readonly client?: ClientOptions
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
}

/** The kernel as a front end starts it, with a client. Killed when disposed of. */
export interface RunningKernel extends AsyncDisposable {
  readonly client: JupyterClient
  readonly connection: ConnectionFile
  readonly process: ChildProcess
  /** What it logged on stderr. */
  readonly log: Log
  /** Resolves to the exit code, or to the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>
  /** Found in the environment of each process that the kernel started, whoever its parent is now. */
  readonly mark: string
}

/** Lines, and whoever waits for one gets it whether it came or is yet to come. */
export class Log {
  readonly lines: string[] = []
  readonly #changed = new EventEmitter()

  constructor(stream: Readable) {
    createInterface(stream).on('line', line => {
      this.lines.push(line)
      this.#changed.emit('line')
    })
  }

  async waitFor(pattern: RegExp): Promise<string> {
    return this.#until(() => this.lines.find(line => pattern.test(line)))
  }

  /** Resolves to the line with this index, counted from 0. */
  async waitForLine(index: number): Promise<string> {
    return this.#until(() => this.lines[index])
  }

  async #until(find: () => string | undefined): Promise<string> {
    for (let line = find(); ; line = find()) {
      if (line !== undefined) return line
      await once(this.#changed, 'line')
    }
  }
}

/** @example await using kernel = await startKernel() */
export async function startKernel({ connection: fields = {}, client: clientOptions = {}, cwd = process.cwd(), env = {} }: KernelOptions = {}): Promise<RunningKernel> {
  await using resources = new AsyncDisposableStack()
  const { file, connection } = resources.use(await temporaryConnection(fields))
  const mark = randomUUID()
  const defaults = { PARACELL_TYPES: 'off', PARACELL_HISTORY: 'off' }
  const child = spawn(process.execPath, [main, 'kernel', file], { cwd, env: { ...process.env, ...defaults, ...env, ...markOf(mark) }, stdio: ['ignore', 'ignore', 'pipe'] })
  const exited = once(child, 'exit').then(([code, signal]: (number | NodeJS.Signals)[]) => code ?? signal ?? 0)
  resources.defer(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const log = new Log(child.stderr)
  const client = resources.use(await JupyterClient.start(connection, clientOptions))
  const owned = resources.move()
  return { client, connection, process: child, log, exited, mark, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

/** The error that a cell shows, without colours. */
export function errorOf({ outputs }: Pick<Execution, 'outputs'>): { ename: unknown; evalue: unknown; traceback: string } | undefined {
  const content = outputs.find(message => typeOf(message) === 'error')?.content
  if (!content) return undefined
  const { ename, evalue, traceback } = content
  return { ename, evalue, traceback: stripVTControlCharacters((traceback as string[]).join('\n')) }
}

/** The text of a cell's value. */
export function valueOf({ outputs }: Pick<Execution, 'outputs'>): string | undefined {
  const result = outputs.find(message => typeOf(message) === 'execute_result')
  return (result?.content['data'] as Record<string, string> | undefined)?.['text/plain']
}

/** Runs a cell that must succeed. */
export async function ran(client: JupyterClient, code: string): Promise<Execution> {
  const execution = await client.execute(code)
  if (execution.reply.content['status'] !== 'ok') throw new Error(`The cell failed:\n${code}\n${errorOf(execution)?.traceback}`)
  return execution
}
