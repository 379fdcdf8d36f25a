import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../../kernel/cluster/free-port.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** A Redis of the test's own, which keeps what it is told in a folder of its own. Killed when disposed of. */
export interface RunningRedis extends AsyncDisposable {
  readonly url: string
  readonly port: number
  /** The folder that vanishes with it. */
  readonly folder: string
  /** Ends it as a crash would, or as its administrator would, and starts it again with what it had. */
  restart(how: 'SIGKILL' | 'SIGTERM'): Promise<void>
  stop(): Promise<void>
}

/** @example await using redis = await startRedis() */
export async function startRedis(config = ''): Promise<RunningRedis> {
  await using resources = new AsyncDisposableStack()
  const folder = resources.use(await temporaryFolder()).path
  const port = await freePort()
  const file = join(folder, 'redis.conf')
  await writeFile(file, `port ${port}\nbind 127.0.0.1\ndir ${folder}\nappendonly yes\nsave ""\n${config}\n`)
  let server = await serve(file)
  const stop = async (how: 'SIGKILL' | 'SIGTERM' = 'SIGKILL') => {
    if (server.exitCode !== null || server.signalCode !== null) return
    const exited = once(server, 'exit')
    server.kill(how)
    await exited
  }
  resources.defer(() => stop())
  const owned = resources.move()
  const restart = async (how: 'SIGKILL' | 'SIGTERM') => {
    await stop(how)
    server = await serve(file)
  }
  return { url: `redis://127.0.0.1:${port}`, port, folder, restart, stop, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

async function serve(file: string): Promise<ChildProcess> {
  const server = spawn('redis-server', [file], { stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface(server.stdout)) {
    if (!line.includes('Ready to accept connections')) continue
    server.stdout.resume()
    return server
  }
  throw new Error('redis-server has ended before it was ready.')
}
