import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { temporaryConnection } from '../test/support/connection.ts'
import { BenchClient } from './client.ts'
import type { KernelSpec } from './kernels.ts'

/** A kernel that was just started, with its client. */
export interface Running extends AsyncDisposable {
  readonly client: BenchClient
  readonly process: ChildProcess
  /** `performance.now()` just before its process was started. */
  readonly startedAt: number
}

/** How long a kernel may take to end by itself, in milliseconds. */
const PATIENCE = 3000

export interface StartOptions {
  /** Limits the messages that wait at the client: few for a slow reader. */
  readonly highWaterMark?: number
  /** Without our language server, which starts once there are cells to check, and is measured by itself. */
  readonly types?: false
}

/** Starts a kernel. */
export async function start(spec: KernelSpec, { highWaterMark, types }: StartOptions = {}): Promise<Running> {
  await using resources = new AsyncDisposableStack()
  const { file, connection } = resources.use(await temporaryConnection({ transport: 'tcp' }))
  const client = resources.use(new BenchClient(connection, highWaterMark))
  const [command = '', ...args] = spec.command(file)
  const startedAt = performance.now()
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, PARACELL_HISTORY: 'off', ...(types === false && { PARACELL_TYPES: 'off' }) } })
  resources.defer(() => end(child, client))
  const owned = resources.move()
  return { client, process: child, startedAt, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

async function end(child: ChildProcess, client: BenchClient): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  client.shutdown()
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
  await exited
  clearTimeout(timer)
}
