import assert from 'node:assert/strict'
import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { test } from 'node:test'
import { execa } from 'execa'
import manifest from '../../package.json' with { type: 'json' }
import { temporaryConnection } from '../support/connection.ts'
import { JupyterClient } from '../support/jupyter-client.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const project = join(import.meta.dirname, '..', '..')

// As another project's terminal would be: without what npm and its scripts add in this one.
const { PATH = '', ...rest } = process.env
const clean = {
  ...Object.fromEntries(Object.entries(rest).filter(([name]) => !/^(npm_package_|npm_lifecycle_|npm_config_local_prefix$|INIT_CWD$)/.test(name))),
  PATH: PATH.split(delimiter).filter((path) => !path.startsWith(project)).join(delimiter),
  PARACELL_HISTORY: 'off',
}

test('the packed package, installed elsewhere, gives the command and a kernel that runs cells', async (context) => {
  await using folder = await temporaryFolder()
  const elsewhere = join(folder.path, 'elsewhere')
  await mkdir(elsewhere)
  const paracell = (...args: string[]) => execa('npx', ['--no-install', 'paracell', ...args], { cwd: elsewhere, env: clean, extendEnv: false })

  await context.test('npm installs it', async () => {
    await execa('npm', ['pack', '--ignore-scripts', '--pack-destination', folder.path], { cwd: project })
    const tarball = join(folder.path, `${manifest.name}-${manifest.version}.tgz`)
    await execa('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: elsewhere, env: clean, extendEnv: false })
    // Its own zeromq can't be installed any more, so it has to be in the bundle.
    assert.equal(existsSync(join(elsewhere, 'node_modules', 'jmp')), false)
  })

  await context.test('the command says its version, also on an older Node', async () => {
    assert.equal((await paracell('--version')).stdout, manifest.version)
    const main = join(elsewhere, 'node_modules', 'paracell', 'dist', 'main.js')
    const { stdout } = await execa('node', [main, '--version'], { cwd: elsewhere, env: clean, extendEnv: false })
    assert.equal(stdout, manifest.version)
  })

  await context.test('the kernelspec that it installs runs a cell', async () => {
    await paracell('install', '--prefix', folder.path)
    const kernelspec = join(folder.path, 'share', 'jupyter', 'kernels', 'paracell', 'kernel.json')
    const { argv } = JSON.parse(await readFile(kernelspec, 'utf8')) as { argv: string[] }
    assert.ok(argv[1]?.startsWith(elsewhere), `${argv[1]} is in the installed package`)

    await using place = await temporaryConnection()
    const [node = '', ...args] = argv.map((arg) => arg.replace('{connection_file}', place.file))
    const kernel = spawn(node, args, { cwd: elsewhere, env: clean, stdio: ['ignore', 'ignore', 'inherit'] })
    await using client = await JupyterClient.start(place.connection)
    const { reply } = await client.request('kernel_info_request')
    assert.equal(reply.content['implementation_version'], manifest.version)
    const { outputs } = await client.execute('1 + 1')
    assert.deepEqual(outputs.map(({ content }) => (content['data'] as Record<string, string>)['text/plain']), ['2'])
    const ended = once(kernel, 'exit')
    await client.shutdown()
    assert.deepEqual(await ended, [0, null])
  })
})
