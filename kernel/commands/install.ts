import { cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import spec from '../../kernel.json' with { type: 'json' }
import { ROOT } from '../entry-file.ts'
import { UsageError } from '../errors.ts'

interface Installation {
  /** The file that Jupyter has to start: this project's main. */
  readonly main: string
  /** A folder with its own share/jupyter, such as a virtual environment; the user's own Jupyter folder by default. */
  readonly prefix?: string | undefined
}

const NAME = 'paracell'
const LOGOS = fileURLToPath(new URL('../kernel/logos', ROOT))

/**
 * Writes the kernelspec, with this Node and this package by their absolute paths, so that it works whatever the PATH.
 *
 * @returns a sentence that says where
 * @example install({ main: '/opt/paracell/dist/main.js', prefix: '/opt/venv' })
 */
export function install({ main, prefix }: Installation): string {
  const folder = kernelspecFolder(prefix)
  const argv = [process.execPath, main, ...spec.argv.slice(2)]
  try {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    cpSync(LOGOS, folder, { recursive: true })
    writeFileSync(join(folder, 'kernel.json'), `${JSON.stringify({ ...spec, argv }, null, 2)}\n`)
  } catch (cause) {
    throw new UsageError(`Can't write ${folder} (${reason(cause)}): choose another place with --prefix DIR.`, { cause })
  }
  return `Installed the kernel ${NAME} in ${folder}`
}

/** Removes what {@link install} wrote in the same place. Returns a sentence that says so, or that nothing was there. */
export function uninstall({ prefix }: Pick<Installation, 'prefix'>): string {
  const folder = kernelspecFolder(prefix)
  if (!existsSync(folder)) return `Nothing to remove: no kernel ${NAME} in ${folder}`
  try {
    rmSync(folder, { recursive: true })
  } catch (cause) {
    throw new UsageError(`Can't remove ${folder} (${reason(cause)}): remove it by hand.`, { cause })
  }
  return `Removed ${folder}`
}

function kernelspecFolder(prefix: string | undefined): string {
  return join(prefix === undefined ? userFolder() : resolve(prefix, 'share', 'jupyter'), 'kernels', NAME)
}

// Where Jupyter itself looks: https://docs.jupyter.org/en/stable/use/jupyter-directories.html#data-files
function userFolder(): string {
  const { env } = process
  if (env['JUPYTER_DATA_DIR']) return env['JUPYTER_DATA_DIR']
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Jupyter')
  if (process.platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'jupyter')
  return join(env['XDG_DATA_HOME'] || join(homedir(), '.local', 'share'), 'jupyter')
}

function reason(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
