import { type Stats, statSync } from 'node:fs'
import { UsageError } from '../../errors.ts'

/** Throws a UsageError unless the path leads to a folder. At once: to wait for another thread would take longer. */
export function checkFolder(path: string): void {
  if (!statOf(path).isDirectory()) throw new UsageError(`${path} is not a folder. Give a folder as cwd.`)
}

function statOf(path: string): Stats {
  try {
    return statSync(path)
  } catch (cause) {
    throw new UsageError(`The folder ${path} can't be used: it doesn't exist or isn't readable. Give another cwd.`, { cause })
  }
}
