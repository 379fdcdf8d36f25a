import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { execa } from 'execa'
import { install } from '../../kernel/commands/install.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const project = join(import.meta.dirname, '..', '..')
const python = join(project, '.venv', process.platform === 'win32' ? 'Scripts' : 'bin', 'python')

test("Jupyter's own suite finds nothing wrong and skips only what this kernel has not", needsEnvironment(), async t => {
  await using folder = await temporaryFolder()
  install({ main: join(project, 'dist', 'main.js'), prefix: folder.path })
  const env = { JUPYTER_PATH: join(folder.path, 'share', 'jupyter'), JUPYTER_RUNTIME_DIR: join(folder.path, 'runtime'), PARACELL_HISTORY: 'off' }
  const { all, exitCode } = await execa(python, [join(import.meta.dirname, 'jupyter_kernel_tests.py')], { env, reject: false, all: true })
  t.diagnostic(`\n${all}`)
  assert.equal(exitCode, 0, all)
  assert.match(all, /^OK \(skipped=1\)$/m)
  assert.match(all, /^test_pager .*\.\.\. skipped/m, 'a pager is a part of consoles; the suite has nothing else to skip')
})

/** The packages of Python that `npm test` installs. */
function needsEnvironment(): { readonly skip: false | string } {
  if (existsSync(python)) return { skip: false }
  const reason = 'needs the virtual environment that npm test makes'
  if (process.env['CI'] === 'true') throw new Error(reason)
  return { skip: reason }
}
