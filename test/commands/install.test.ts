import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { paracell } from '../support/command.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const source = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'kernel.json'), 'utf8')) as { argv: string[] }

describe('install and uninstall', () => {
  const places = [
    { name: 'with --prefix', args: (folder: string) => ['--prefix', folder], env: () => ({}), below: 'share/jupyter' },
    { name: 'with JUPYTER_DATA_DIR', args: () => [], env: (folder: string) => ({ JUPYTER_DATA_DIR: folder }), below: '' },
    { name: 'for the user', args: () => ['--user'], env: (folder: string) => ({ JUPYTER_DATA_DIR: '', XDG_DATA_HOME: folder }), below: 'jupyter' },
  ]
  for (const { name, args, env, below } of places) {
    test(name, async () => {
      await using folder = await temporaryFolder()
      const kernelspec = join(folder.path, below, 'kernels', 'paracell')
      const run = (command: string) => paracell([command, ...args(folder.path)], env(folder.path))

      for (const time of ['first', 'again']) {
        const { stdout, exitCode } = await run('install')
        assert.deepEqual([exitCode, stdout], [0, `Installed the kernel paracell in ${kernelspec}`], time)
      }
      assert.deepEqual(readdirSync(kernelspec).toSorted(), ['kernel.json', 'logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg'])
      const { argv, ...rest } = JSON.parse(readFileSync(join(kernelspec, 'kernel.json'), 'utf8')) as { argv: string[] }
      const { argv: template, ...expected } = source
      assert.deepEqual(rest, expected)
      assert.deepEqual(argv, [process.execPath, join(import.meta.dirname, '..', '..', 'kernel', 'main.ts'), ...template.slice(2)])

      assert.equal((await run('uninstall')).stdout, `Removed ${kernelspec}`)
      assert.equal(existsSync(kernelspec), false)
      const { stdout, exitCode } = await run('uninstall')
      assert.deepEqual([exitCode, stdout], [0, `Nothing to remove: no kernel paracell in ${kernelspec}`])
    })
  }
})
