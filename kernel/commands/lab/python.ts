import { execa } from 'execa'
import { UsageError } from '../../errors.ts'

const CANDIDATES = process.platform === 'win32' ? ['py', 'python', 'python3'] : ['python3', 'python']
const OLDEST = 9

/** The first Python on the PATH that JupyterLab can use. */
export async function findPython(candidates: readonly string[] = CANDIDATES): Promise<string> {
  for (const python of candidates) {
    if ((await minorVersion(python)) >= OLDEST) return python
  }
  throw new UsageError(
    `JupyterLab needs Python 3.${OLDEST} or newer, and there is none on the PATH: install it ` +
      '(Debian and Ubuntu: apt install python3 python3-venv; others: https://www.python.org/downloads), then try again.',
  )
}

/** The 11 of Python 3.11; -1 for what doesn't run or isn't Python 3. */
export async function minorVersion(python: string): Promise<number> {
  const code = 'import sys; print(sys.version_info[1] if sys.version_info[0] == 3 else -1)'
  const { stdout, failed } = await execa(python, ['-c', code], { reject: false, stdin: 'ignore' })
  return failed ? -1 : Number(stdout)
}
