import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { describeProblems } from '../../kernel/types/diagnostics.ts'
import { ServerKeeper } from '../../kernel/types/server-keeper.ts'
import { TypeService } from '../../kernel/types/service.ts'

interface Cell {
  readonly cell_type: string
  readonly source: string | readonly string[]
}

const folder = join(import.meta.dirname, '..', '..', 'notebooks')
const keeper = new ServerKeeper(folder, line => assert.fail(line))
const service = new TypeService(keeper)
after(() => keeper[Symbol.asyncDispose]())

for (const file of globSync('**/*.ipynb', { cwd: folder })) {
  test(`${file} has no type errors`, async () => {
    service.forget()
    const { cells } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { cells: readonly Cell[] }
    for (const { source } of cells.filter(cell => cell.cell_type === 'code')) {
      const code = [source].flat().join('')
      assert.equal(describeProblems(await service.check(code)(), code), '')
      service.remember(code)
    }
  })
}
