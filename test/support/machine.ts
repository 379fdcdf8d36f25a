import { type ChildProcess, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { Log } from '../kernel/running-kernel.ts'
import { markOf } from '../kernel/processes.ts'

const main = join(import.meta.dirname, '..', '..', 'kernel', 'main.ts')

export interface MachineOptions {
  readonly url: string
  /** Further words of the command line. Default: `--insecure`. */
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
}

/** `paracell worker`, as if it were a machine of its own. Killed when disposed of. */
export interface RunningMachine extends AsyncDisposable {
  readonly process: ChildProcess
  readonly stdout: Log
  readonly stderr: Log
  /** Resolves to the exit code, or to the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>
  /** Found in the environment of each process that it started. */
  readonly mark: string
}

/** @example await using machine = await startMachine({ url: redis.url, args: ['--insecure', '--name', 'one'] }) */
export async function startMachine(options: MachineOptions): Promise<RunningMachine> {
  const machine = beginMachine(options)
  await machine.stdout.waitFor(/ takes \d+ jobs? at a time/)
  return machine
}

/** The same before it is ready, which it may never be. */
function beginMachine({ url, args = ['--insecure'], env = {}, cwd = process.cwd() }: MachineOptions): RunningMachine {
  const mark = randomUUID()
  const child = spawn(process.execPath, [main, 'worker', '--redis', url, ...args], { cwd, env: { ...process.env, ...env, ...markOf(mark) }, stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = once(child, 'exit').then(([code, signal]: (number | NodeJS.Signals)[]) => code ?? signal ?? 0)
  const close = async () => {
    child.kill('SIGKILL')
    await exited
  }
  return { process: child, stdout: new Log(child.stdout), stderr: new Log(child.stderr), exited, mark, [Symbol.asyncDispose]: close }
}
