import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { entryFile } from '../../entry-file.ts'
import { installStackTraces, type Positions } from '../../runtime/stack.ts'
import type { transformCell } from '../../language/transform.ts'
import type { CellSource } from '../protocol.ts'

const require = createRequire(import.meta.url)

/** Makes errors of this worker name the cells' lines. A cell is transformed again only when an error asks for it. */
export function installWorkerStacks(cells: Readonly<Record<string, CellSource>>): void {
  const known = new Map<string, Positions>()
  installStackTraces(file => {
    const cell = cells[file]
    if (!cell) return undefined
    const positions = known.get(file) ?? loadTransform()(cell.source, cell.options)
    known.set(file, positions)
    return positions
  })
}


function loadTransform(): typeof transformCell {
  return (require(fileURLToPath(entryFile('parallel/worker/transform-entry'))) as { readonly transformCell: typeof transformCell }).transformCell
}
