import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { temporaryFolder } from './temporary-folder.ts'

const project = join(import.meta.dirname, '..', '..')

/** Settings without which JupyterLab asks a new user about news. */
const QUIET = { '@jupyterlab/apputils-extension/notification.jupyterlab-settings': { fetchNews: 'false', checkForUpdates: false } }

/** JupyterLab with the built kernel, as `npm start` starts it, but with settings of its own. Ends when disposed of. */
export class JupyterLab implements AsyncDisposable {
  readonly #port: number
  readonly #token = randomUUID()
  readonly #process: ChildProcessByStdio<null, null, Readable>
  readonly #closed: Promise<unknown>
  readonly #home: AsyncDisposable

  private constructor(folder: string, port: number, home: AsyncDisposable & { readonly path: string }) {
    this.#port = port
    this.#home = home
    const args = ['lab', folder, '--venv', '.venv', '--no-browser', '--port', String(port), `--IdentityProvider.token=${this.#token}`]
    const env = {
      JUPYTERLAB_SETTINGS_DIR: join(home.path, 'settings'),
      JUPYTERLAB_WORKSPACES_DIR: join(home.path, 'workspaces'),
      JUPYTER_CONFIG_DIR: join(home.path, 'config'),
      JUPYTER_DATA_DIR: join(home.path, 'data'),
      JUPYTER_RUNTIME_DIR: join(home.path, 'runtime'),
    }
    const command = [join(project, 'dist', 'main.js'), ...args, '--LabApp.expose_app_in_browser=True']
    this.#process = spawn(process.execPath, command, { cwd: project, env: { ...process.env, PARACELL_HISTORY: 'off', ...env }, stdio: ['ignore', 'ignore', 'pipe'] })
    this.#closed = once(this.#process, 'close')
  }

  /** Starts it on a folder; resolves when it serves. */
  static async start(folder: string): Promise<JupyterLab> {
    const home = await temporaryFolder()
    for (const [name, settings] of Object.entries(QUIET)) {
      const file = join(home.path, 'settings', name)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, JSON.stringify(settings))
    }
    const lab = new JupyterLab(folder, await freePort(), home)
    await lab.#serving()
    return lab
  }

  url(path: string): string {
    return `http://localhost:${this.#port}${path}?token=${this.#token}`
  }

  /** Ends it with a signal to the command that started it; resolves when the last process that it printed from is gone. */
  async end(signal: NodeJS.Signals): Promise<void> {
    this.#process.kill(signal)
    await this.#closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end('SIGTERM')
    await this.#home[Symbol.asyncDispose]()
  }

  async #serving(): Promise<void> {
    const lines: string[] = []
    const serving = Promise.withResolvers<void>()
    // Read to the end: a full pipe would hold the server up.
    createInterface(this.#process.stderr)
      .on('line', (line) => {
        lines.push(line)
        if (line.includes('is running at')) serving.resolve()
      })
      .once('close', () => serving.reject(new Error(`JupyterLab ended: ${lines.join('\n')}`)))
    await serving.promise
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await once(server.close(), 'close')
  return port
}
