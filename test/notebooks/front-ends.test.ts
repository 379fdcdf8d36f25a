import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { test } from 'node:test'
import { execa } from 'execa'
import { install } from '../../kernel/commands/install.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { needsNbclient, python } from './nbclient.ts'

const project = join(import.meta.dirname, '..', '..')

interface Place extends AsyncDisposable {
  readonly path: string
  readonly env: Readonly<Record<string, string>>
}

async function installed(): Promise<Place> {
  const folder = await temporaryFolder()
  install({ main: join(project, 'dist', 'main.js'), prefix: folder.path })
  const env = { JUPYTER_PATH: join(folder.path, 'share', 'jupyter'), JUPYTER_RUNTIME_DIR: join(folder.path, 'runtime'), PARACELL_HISTORY: 'off', PARACELL_TYPES: 'off' }
  return Object.assign(folder, { env })
}

test('jupyter console: cells, what they print and give, errors, and a way out', needsNbclient(), async () => {
  await using place = await installed()
  const input = 'const a: number = 40\na + 2\nconsole.log("hi")\nnope\n_ + 1\nexit\n'
  const { stdout, stderr } = await execa(join(dirname(python), 'jupyter-console'), ['--simple-prompt', '--kernel', 'paracell'], { env: place.env, input })
  assert.match(stdout, /Paracell .*TypeScript.*Out\[2\]: 42.*hi.*Out\[5\]: 43.*Shutting down/s)
  assert.match(stripVTControlCharacters(stderr), /ReferenceError: nope is not defined\n {4}at cell-4\.ts:1:1/)
})

test('papermill: with the translator that README shows', needsNbclient(), async () => {
  await using place = await installed()
  const cell = (source: string, tags: readonly string[] = []) => ({ cell_type: 'code', id: `c${source.length}`, metadata: { tags }, execution_count: null, outputs: [], source })
  const cells = [cell('const count: number = 1\nlet names: string[] = []', ['parameters']), cell('`${count * 2} ${names.join("+")}`')]
  const kernelspec = { name: 'paracell', display_name: 'Paracell', language: 'typescript' }
  writeFileSync(join(place.path, 'in.ipynb'), JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }))
  const [, shown = ''] = /```python\n(.*?papermill.*?)```/s.exec(readFileSync(join(project, 'README.md'), 'utf8')) ?? []
  const program = `${shown}\nfrom papermill import execute_notebook\nexecute_notebook('in.ipynb', 'out.ipynb', {'count': 21, 'names': ['a"', 'b']}, progress_bar=False)`
  await execa(python, ['-c', program], { env: place.env, cwd: place.path })
  assert.match(readFileSync(join(place.path, 'out.ipynb'), 'utf8'), /'42 a\\"\+b'/)
})
