import { join } from 'node:path'

/** Nowhere on disk. */
export const IN_MEMORY = ':memory:'

/** Where the history is kept. `PARACELL_HISTORY` names another file, or is `off`. */
export async function historyFile(): Promise<string> {
  const { PARACELL_HISTORY: wish } = process.env
  if (wish) return wish === 'off' ? IN_MEMORY : wish
  const { default: envPaths } = await import('env-paths')
  return join(envPaths('paracell', { suffix: '' }).data, 'history.sqlite')
}
