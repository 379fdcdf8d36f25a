import { execFile } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'

const OPTIONS = ['--pdeathsig', 'KILL']

/**
 * The words before a command that have the system kill the process when the thread that started it ends: a program of
 * most Linux systems, which costs less than any way of Node's own. No words where it isn't there or can't do that.
 */
export async function findGuard(): Promise<readonly string[]> {
  if (process.platform !== 'linux') return []
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const guards = folders.map(async (folder) => {
    const program = join(folder, 'setpriv')
    await access(program, constants.X_OK)
    return [program, ...OPTIONS]
  })
  const [program, ...options] = await Promise.any(guards).catch(() => [])
  if (!program) return []
  return promisify(execFile)(program, [...options, 'true']).then(() => [program, ...options], () => [])
}
