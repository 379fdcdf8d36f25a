import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/**
 * Options for a test that needs a command of the system: skips it, with the reason, where the command is missing.
 * Where everything has to be there (`CI=true`) a missing command is a failure.
 *
 * @example test('opens a notebook', needs('chromium'), async () => { … })
 */
export function needs(...commands: readonly string[]): { readonly skip: false | string } {
  const missing = commands.filter((command) => !pathOf(command))
  if (missing.length === 0) return { skip: false }
  const reason = `needs ${missing.join(', ')} on the PATH`
  if (process.env['CI'] === 'true') throw new Error(reason)
  return { skip: reason }
}

/** The path of a command, as a shell would find it. */
export function pathOf(command: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.map((folder) => join(folder, command)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
