import { fileURLToPath } from 'node:url'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type * as net from 'node:net'
import { join } from 'node:path'
import { entryFile } from '../../entry-file.ts'
import { exitOfChild } from './exit.ts'
import { descendants, signalAll } from '../programs/descendants.ts'
import { checkFolder } from './folder.ts'
import { findGuard } from './guard.ts'
import { endProgramsOf, groupOf } from './orphans.ts'
import { Running } from './running.ts'
import { Spares } from './spares.ts'
import { GO, LINK } from './spawn-protocol.ts'
import type { Exit, StartedProcess, Starter, StartOptions } from './starter.ts'

/**
 * Starts each process as a Node program of its own: on every system, in some tens of milliseconds. Who starts several
 * gets those that were started ahead.
 *
 * @param entry absolute path of a module that exports `main(link)`
 */
export function spawner(entry: string): Starter {
  return new SpawnStarter(entry)
}

class SpawnStarter implements Starter {
  readonly #entry: string
  readonly #running = new Set<StartedProcess>()
  readonly #spares = new Spares(setting => this.#launch(setting))
  #guard: Promise<readonly string[]> | undefined
  #cache: Promise<string> | undefined
  #disposed = false

  constructor(entry: string) {
    this.#entry = entry
  }

  async warm(): Promise<void> {
    await Promise.all([this.#guard ??= findGuard(), this.#cache ??= cacheFolder()])
  }

  async start({ env = process.env as Record<string, string>, cwd = process.cwd() }: StartOptions = {}): Promise<StartedProcess> {
    const setting = { env: { ...env }, cwd }
    checkFolder(cwd)
    const started = (await this.#spares.take(setting)) ?? (await this.#launch(setting))
    started.link.write(GO)
    if (!this.#disposed) this.#spares.prepare(setting)
    return started
  }

  /** Starts a process that waits for its word. */
  async #launch({ env, cwd }: Required<StartOptions>): Promise<StartedProcess> {
    const [guard, cache] = await Promise.all([this.#guard ??= findGuard(), this.#cache ??= cacheFolder()])
    if (this.#disposed) throw new Error('This starter was disposed of: it starts no more processes.')
    const node = [process.execPath, '--no-warnings', fileURLToPath(entryFile('parallel/start/spawn-entry')), this.#entry, String(process.pid), cache]
    const [program, ...args] = guard.length > 0 ? [...guard, ...node, 'guarded'] : node
    const child = spawn(program as string, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      env,
      cwd,
    })
    const ended = exitOf(child)
    await once(child, 'spawn')
    return this.#keep(new Running(child.pid as number, connectionsOf(child), ended), ended)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    this.#spares.end()
    await Promise.all([...this.#running].map((started) => {
      started.kill('SIGKILL')
      return started.exited
    }))
  }

  #keep(started: Running, ended: Promise<Exit>): StartedProcess {
    // Programs that it runs, also those whose environment won't tell whose they are.
    const below = new Set<number>()
    started.beforeSignal = () => {
      for (const pid of descendants(started.pid)) if (groupOf(pid) === groupOf(process.pid)) below.add(pid)
    }
    this.#running.add(started)
    void ended.then(({ signal }) => {
      if (!signal) return
      signalAll([...below], 'SIGKILL')
      endProgramsOf(started.pid, 'all')
    })
    void started.exited.then(() => this.#running.delete(started))
    return started
  }
}

/** Where Node keeps what it has compiled for the next process: half of what such a process has to do before it begins. */
async function cacheFolder(): Promise<string> {
  const { default: envPaths } = await import('env-paths')
  return join(envPaths('paracell', { suffix: '' }).cache, 'compiled')
}

// Node also emits `close` when the process couldn't be started, but no `exit`.
function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => child.once('exit', (code, signal) => resolve(exitOfChild(code, signal))))
}

function connectionsOf(child: ChildProcess): { link: net.Socket; stdout: net.Socket; stderr: net.Socket } {
  const sockets = { link: child.stdio[LINK], stdout: child.stdout, stderr: child.stderr } as Record<string, unknown> as
    { link: net.Socket; stdout: net.Socket; stderr: net.Socket }
  // A connection that breaks closes, and that is all that its readers need to know.
  for (const socket of Object.values(sockets)) socket.on('error', () => {})
  return sockets
}
