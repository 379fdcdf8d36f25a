import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { execa } from 'execa'
import { UsageError } from '../../errors.ts'
import { findPython, minorVersion } from './python.ts'

/**
 * Makes sure that a virtual environment exists and has the packages, and returns its Python.
 * Does nothing the second time; goes on where an interrupted first time stopped.
 *
 * @throws UsageError without Python, its venv module or a network
 * @example const python = await prepareEnvironment('.venv', ['jupyterlab>=4.2,<5'])
 */
export async function prepareEnvironment(folder: string, packages: readonly string[]): Promise<string> {
  const python = process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python')
  const stamp = join(folder, 'paracell-packages.txt')
  const installed = readLines(stamp)
  const works = (await minorVersion(python)) >= 0
  if (works) keepScriptsApart(folder)
  if (works && packages.every((name) => installed.includes(name))) return python

  const base = await findPython()
  console.error(`Setting up ${folder} with ${packages.join(', ')} (once; about a minute) …`)
  // One whose base Python has moved away can only be made anew.
  await createEnvironment(base, works ? [folder] : ['--clear', folder])
  keepScriptsApart(folder)
  await installPackages(python, packages)
  writeFileSync(stamp, [...new Set([...installed, ...packages])].map((line) => `${line}\n`).join(''))
  return python
}

/** JupyterLab's own scripts are CommonJS: the `"type": "module"` of a package that the folder is in must not reach them. */
function keepScriptsApart(folder: string): void {
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n')
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split('\n')
  } catch {
    return []
  }
}

async function createEnvironment(base: string, args: readonly string[]): Promise<void> {
  const { failed, all } = await execa(base, ['-m', 'venv', ...args], { reject: false, all: true, stdin: 'ignore' })
  if (!failed) return
  const missing = /ensurepip|No module named/.test(all)
  throw new UsageError(
    missing
      ? `${base} can't make virtual environments: install its venv module (Debian and Ubuntu: apt install python3-venv), then try again.`
      : `${base} could not make a virtual environment: ${lastLine(all)}`,
  )
}

async function installPackages(python: string, packages: readonly string[], attempts = 2): Promise<void> {
  const args = ['-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check', ...packages]
  const { failed, all } = await execa(python, args, { reject: false, all: true, stdin: 'ignore' })
  if (!failed) return
  if (attempts === 1) {
    throw new UsageError(`Could not install ${packages.join(', ')}: check the network (or the proxy), then try again. pip said: ${lastLine(all)}`)
  }
  console.error('The download failed; trying once more …')
  await installPackages(python, packages, attempts - 1)
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
