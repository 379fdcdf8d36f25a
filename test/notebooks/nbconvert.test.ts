import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { execa } from 'execa'
import { install } from '../../kernel/commands/install.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { needsNbclient, python } from './nbclient.ts'

const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js')

test('nbconvert runs a notebook and writes it as another format', needsNbclient(), async () => {
  await using folder = await temporaryFolder()
  install({ main, prefix: folder.path })
  const notebook = join(folder.path, 'small.ipynb')
  const cell = { cell_type: 'code', id: 'one', metadata: {}, execution_count: null, outputs: [], source: 'const answer: number = 6 * 7;\n`the answer is ${answer}`' }
  const kernelspec = { name: 'paracell', display_name: 'Paracell', language: 'typescript' }
  writeFileSync(notebook, JSON.stringify({ cells: [cell], metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }))
  const env = { JUPYTER_PATH: join(folder.path, 'share', 'jupyter'), JUPYTER_RUNTIME_DIR: join(folder.path, 'runtime'), PARACELL_HISTORY: 'off' }
  await execa(python, ['-m', 'nbconvert', '--execute', '--to', 'markdown', notebook], { env })
  assert.match(readFileSync(join(folder.path, 'small.md'), 'utf8'), /'the answer is 42'/)
})
