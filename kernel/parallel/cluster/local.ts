import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../cluster/free-port.ts'
import { entryFile } from '../../entry-file.ts'
import { UsageError } from '../../errors.ts'

const SERVERS = ['redis-server', 'valkey-server']

export interface LocalOptions {
  /** How many machines to play. */
  readonly machines: number
  /** How many jobs each of them runs at a time. */
  readonly concurrency: number
}

/** A cluster that is all on this machine: a Redis of its own, and workers. */
export interface LocalCluster extends AsyncDisposable {
  /** With the password. */
  readonly url: string
  readonly keyFile: string
  /** The processes that it consists of. */
  readonly pids: readonly number[]
  /** To be called when everybody has read the key. */
  forgetKey(): Promise<void>
}

/**
 * Starts it. All of it ends with this process.
 *
 * @throws {UsageError} where the system has neither Redis nor Valkey
 */
export async function startLocal({ machines, concurrency }: LocalOptions): Promise<LocalCluster> {
  await using resources = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'paracell-cluster-'))
  const forgetKey = () => rm(folder, { recursive: true, force: true })
  resources.defer(forgetKey)
  const keyFile = join(folder, 'key')
  await writeFile(keyFile, randomBytes(32).toString('hex'), { mode: 0o600 })
  const { server, url } = await startServer()
  resources.adopt(server, end)
  const env = { ...process.env, PARACELL_REDIS: url, PARACELL_KEY_FILE: keyFile }
  const names = Array.from({ length: machines }, (_, i) => `local-${i + 1}`)
  const parts = names.map(name => resources.adopt(startMachine(name, concurrency, env), end))
  await Promise.all(parts.map(saidFirst))
  const pids = [server, ...parts].flatMap(({ pid }) => pid ?? [])
  const owned = resources.move()
  return { url, keyFile, pids, forgetKey, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

async function startServer(): Promise<{ server: ChildProcess; url: string }> {
  const port = await freePort()
  const password = randomBytes(16).toString('hex')
  const config = ['bind 127.0.0.1', `port ${port}`, `requirepass ${password}`, 'save ""', 'appendonly no'].join('\n')
  for (const program of SERVERS) {
    // By the input: what is in the command line, all can see.
    const server = spawn(program, ['-'], { stdio: ['pipe', 'pipe', 'ignore'] })
    const begun = await once(server, 'spawn').catch((error: NodeJS.ErrnoException) => error)
    if (begun instanceof Error) continue
    server.stdin.end(config)
    await said(server, /Ready to accept connections/)
    return { server, url: `redis://:${password}@127.0.0.1:${port}` }
  }
  throw new UsageError(
    'A cluster on this machine needs the program redis-server or valkey-server, and there is none. Install it (apt install redis-server, dnf install valkey, brew install redis), or connect with a Redis that runs elsewhere: Cluster.connect(url).'
  )
}

function startMachine(name: string, concurrency: number, env: NodeJS.ProcessEnv): ChildProcess {
  const args = [fileURLToPath(entryFile('main')), 'worker', '--name', name, '--concurrency', String(concurrency)]
  return spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] })
}

const saidFirst = (machine: ChildProcess): Promise<void> => said(machine, / takes \d+ job/)

/** Resolves when a program has printed a line like this. */
async function said(program: ChildProcess, pattern: RegExp): Promise<void> {
  const { stdout } = program
  if (!stdout) return
  for await (const line of createInterface(stdout)) {
    if (!pattern.test(line)) continue
    stdout.resume()
    return
  }
  throw new Error(`${program.spawnargs[0]} has ended before it was ready.`)
}

async function end(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null || program.signalCode !== null) return
  const exited = once(program, 'exit')
  program.kill('SIGKILL')
  await exited
}
