import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cellFacts } from '../../kernel/language/cell-facts.ts'
import { completeness } from '../../kernel/language/completeness.ts'
import { completionContext } from '../../kernel/language/completion.ts'
import { inspectionTarget } from '../../kernel/language/inspection.ts'
import { CellSyntaxError, transformCell } from '../../kernel/language/transform.ts'
import { mutations } from '../support/mutations.ts'

const notebooks = join(import.meta.dirname, '..', '..', 'notebooks')
const COUNT = 10_000

test(`${COUNT.toLocaleString('en')} broken cells: what reads them says so, and throws nothing else`, () => {
  const statuses = new Set<string>()
  for (const cell of mutations(realCells(), COUNT, 1)) {
    try {
      for (const form of ['session', 'worker'] as const) assertTransforms(cell, form)
      statuses.add(completeness(cell).status)
      completionContext(cell, cell.length >> 1)
      inspectionTarget(cell, cell.length >> 1)
      cellFacts(cell)
    } catch (error) {
      throw new Error(`${(error as Error).stack}\nin the cell\n${JSON.stringify(cell)}`, { cause: error })
    }
  }
  assert.deepEqual([...statuses].sort(), ['complete', 'incomplete', 'invalid'])
})

function assertTransforms(cell: string, form: 'session' | 'worker'): void {
  try {
    assert.ok(transformCell(cell, { filename: 'cell.ts', form }).code.length > 0)
  } catch (error) {
    if (!(error instanceof CellSyntaxError)) throw error
  }
}

function realCells(): string[] {
  return globSync('*.ipynb', { cwd: notebooks }).sort().flatMap(name => {
    const { cells } = JSON.parse(readFileSync(join(notebooks, name), 'utf8')) as { cells: { cell_type: string; source: string[] }[] }
    return cells.filter(cell => cell.cell_type === 'code').map(cell => [cell.source].flat().join(''))
  })
}
