import { once } from 'node:events'
import { statSync } from 'node:fs'
import { createServer } from 'node:net'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import { UsageError } from '../../errors.ts'
import { install } from '../install.ts'
import { prepareEnvironment } from './environment.ts'

interface Lab {
  readonly main: string
  /** The virtual environment to use; one in the user's cache folder by default. */
  readonly venv?: string | undefined
  /** `[folder] [options of JupyterLab]` */
  readonly args: readonly string[]
}

const PACKAGES = ['jupyterlab>=4.2,<5', 'ipywidgets>=8,<9', 'anywidget>=0.11,<0.12']

/**
 * Opens JupyterLab with the kernel on a folder (`.` by default) and stays until it ends.
 *
 * @returns JupyterLab's exit code
 * @throws UsageError for a folder that isn't there, a port in use, or what {@link prepareEnvironment} misses
 */
export async function lab({ main, venv = join(cacheFolder(), 'jupyterlab'), args }: Lab): Promise<number> {
  const [folder, options] = args[0] && !args[0].startsWith('-') ? [args[0], args.slice(1)] : ['.', [...args]]
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw new UsageError(`${folder} is not a folder: give the one with the notebooks.`)
  const port = explicitPort(options)
  if (port) await assertFree(port)
  const python = await prepareEnvironment(resolve(venv), PACKAGES)
  install({ main, prefix: venv })
  return runUntilStopped(python, [resolve(folder), ...systemOptions(port), ...options])
}

function cacheFolder(): string {
  const { env } = process
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'paracell')
  if (process.platform === 'win32') return join(env['LOCALAPPDATA'] ?? homedir(), 'paracell')
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'paracell')
}

// JupyterLab refuses to run as root unless told; in a container there is often nobody else.
function systemOptions(port: number | undefined): string[] {
  return [...(process.getuid?.() === 0 ? ['--allow-root'] : []), ...(port ? ['--ServerApp.port_retries=0'] : [])]
}

function explicitPort(options: readonly string[]): number | undefined {
  const match = /(?:^| )--(?:ServerApp\.)?port[= ](\d+)/.exec(options.join(' '))
  return match ? Number(match[1]) : undefined
}

async function assertFree(port: number): Promise<void> {
  const server = createServer()
  try {
    await once(server.listen(port, 'localhost'), 'listening')
  } catch (cause) {
    throw new UsageError(`Port ${port} is in use: choose another with --port, or leave it out and JupyterLab takes the next free one.`, { cause })
  } finally {
    server.close()
  }
}

// JupyterLab in the keeping of a thread: when its standard input closes, because we were killed, it ends its kernels and itself.
const JUPYTERLAB = `
import os, runpy, signal, threading
def watch():
    while os.read(0, 4096): pass
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=watch, daemon=True).start()
runpy.run_module('jupyterlab', run_name='__main__')
`

/**
 * In a process group of its own, JupyterLab doesn't hear the terminal's Ctrl-C and has nothing to ask back: it is
 * told once to end, and ends its kernels first.
 */
async function runUntilStopped(python: string, args: readonly string[]): Promise<number> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => stop.abort())
  const { exitCode, isCanceled } = await execa(python, ['-c', JUPYTERLAB, ...args], {
    stdio: ['pipe', 'inherit', 'inherit'],
    reject: false,
    detached: process.platform !== 'win32',
    cancelSignal: stop.signal,
    forceKillAfterDelay: 15_000,
  })
  return isCanceled ? 0 : (exitCode ?? 1)
}
