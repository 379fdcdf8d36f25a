import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'

const bin = process.platform === 'win32' ? 'Scripts' : 'bin'
/** The project's own Python. */
export const python = join(import.meta.dirname, '..', '..', '.venv', bin, 'python')

const PROGRAM = `
import sys, nbformat
from nbclient import NotebookClient
source, target, folder = sys.argv[1:]
notebook = nbformat.read(source, 4)
NotebookClient(notebook, kernel_name='paracell', timeout=120, resources={'metadata': {'path': folder}}).execute()
nbformat.write(notebook, target)
`

/** Options for a test that runs Python's front end; `npm test` installs it. */
export function needsNbclient(): { readonly skip: false | string } {
  if (existsSync(python)) return { skip: false }
  const reason = 'needs the virtual environment that npm test makes'
  if (process.env['CI'] === 'true') throw new Error(reason)
  return { skip: reason }
}

interface Place {
  /** Where the kernel is installed. */
  readonly prefix: string
  /** The folder that the kernel works in. */
  readonly cwd: string
}

/** Runs a notebook and writes it, with what it showed, to `target`. */
export async function runWithNbclient(source: string, target: string, { prefix, cwd }: Place): Promise<void> {
  await execa(python, ['-c', PROGRAM, source, target, cwd], { env: { JUPYTER_PATH: join(prefix, 'share', 'jupyter'), PARACELL_HISTORY: 'off' } })
}
