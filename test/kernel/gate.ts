import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../support/temporary-folder.ts'

/** Something that a cell can wait for while it blocks: `code` is true once the gate is open. */
export interface Gate extends AsyncDisposable {
  /** A TypeScript expression for the cell. */
  readonly code: string
  open(): Promise<void>
}

/** @example cell: `while (!${gate.code}) {}` */
export async function closedGate(): Promise<Gate> {
  const { path, ...folder } = await temporaryFolder()
  const file = join(path, 'open')
  return { code: `require('node:fs').existsSync(${JSON.stringify(file)})`, open: () => writeFile(file, ''), ...folder }
}
