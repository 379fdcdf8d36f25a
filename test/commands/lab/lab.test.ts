import assert from 'node:assert/strict'
import { once } from 'node:events'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { paracell } from '../../support/command.ts'
import { JupyterLab } from '../../support/jupyterlab.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'

/** What stands in for Python, to see what is said when something is missing. */
const PYTHONS = [
  { name: 'no Python at all', script: undefined, says: /^paracell: JupyterLab needs Python 3\.9 or newer, and there is none on the PATH: install it .*$/ },
  { name: 'an old Python', script: 'echo 8', says: /^paracell: JupyterLab needs Python 3\.9 or newer.*$/ },
  {
    name: 'no venv module',
    script: 'case "$2" in venv) echo "ensurepip is not available"; exit 1;; *) echo 11;; esac',
    says: /^paracell: python3 can't make virtual environments: .*apt install python3-venv.*$/m,
  },
  {
    name: 'no network',
    script:
      'case "$2" in venv) mkdir -p "$4/bin"; cp "$0" "$4/bin/python";; pip) echo "ERROR: No matching distribution"; exit 1;; *) echo 11;; esac',
    says: /^The download failed; trying once more …\nparacell: Could not install jupyterlab.*: check the network.*No matching distribution$/m,
  },
]

describe('paracell lab', () => {
  for (const { name, script, says } of PYTHONS) {
    test(`${name} is said in one sentence`, async () => {
      await using folder = await temporaryFolder()
      const path = await pathWithPython(folder.path, script)
      const { stderr, exitCode } = await paracell(['lab', folder.path, '--venv', join(folder.path, 'venv')], { PATH: path })
      assert.match(stderr, says)
      assert.equal(exitCode, 2)
    })
  }

  test('a port in use is said before anything is set up', async () => {
    await using folder = await temporaryFolder()
    await using server = createServer().listen(0, 'localhost')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const { stderr, exitCode } = await paracell(['lab', folder.path, '--venv', join(folder.path, 'venv'), '--port', String(port)])
    assert.equal(stderr, `paracell: Port ${port} is in use: choose another with --port, or leave it out and JupyterLab takes the next free one.`)
    assert.equal(exitCode, 2)
  })

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    test(`${signal} ends JupyterLab too`, async () => {
      await using folder = await temporaryFolder()
      await using lab = await JupyterLab.start(folder.path)
      await lab.end(signal)
      await assert.rejects(fetch(lab.url('/api')))
    })
  }
})

/** A folder for the PATH with nothing but the tools that the stand-in needs. */
async function pathWithPython(folder: string, script: string | undefined): Promise<string> {
  const path = join(folder, 'bin')
  await mkdir(path)
  if (script === undefined) return path
  const python = join(path, 'python3')
  await writeFile(python, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`)
  await chmod(python, 0o755)
  return path
}
