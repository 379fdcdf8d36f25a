import { stat } from 'node:fs/promises'
import { UsageError } from '../../errors.ts'

/** Throws a UsageError unless the path leads to a folder. */
export async function checkFolder(path: string): Promise<void> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new UsageError(`The folder ${path} can't be used: it doesn't exist or isn't readable. Give another cwd.`, { cause })
  })
  if (!found.isDirectory()) throw new UsageError(`${path} is not a folder. Give a folder as cwd.`)
}
