import assert from 'node:assert/strict'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { execa } from 'execa'
import { errorOf, ran, type RunningKernel, startKernel } from '../kernel/running-kernel.ts'
import { startMachine } from '../support/machine.ts'
import { type RunningRedis, startRedis } from '../support/redis.ts'
import { needs } from '../support/system.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const NAME = 'paracell-test-greeter'

async function writePackage(folder: string, version: string): Promise<string> {
  const place = join(folder, 'node_modules', NAME)
  await mkdir(place, { recursive: true })
  await writeFile(join(place, 'package.json'), JSON.stringify({ name: NAME, version, main: 'index.js' }))
  await writeFile(join(place, 'index.js'), `exports.greet = name => 'hello ' + name + ' from ${version}'`)
  return place
}

/** A registry that has one package in one version. */
async function serveRegistry(packed: string, version: string): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((request, response) => {
    const tarball = `http://${request.headers.host}/${NAME}.tgz`
    if (request.url?.endsWith('.tgz')) void readFile(packed).then(bytes => response.end(bytes))
    else if (request.url === `/${NAME}`) response.end(JSON.stringify({ name: NAME, 'dist-tags': { latest: version }, versions: { [version]: { name: NAME, version, main: 'index.js', dist: { tarball } } } }))
    else response.writeHead(404).end('{}')
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, [Symbol.asyncDispose]: close }
}

describe('the packages that a job needs', { timeout: 240_000, ...needs('redis-server') }, () => {
  const resources = new AsyncDisposableStack()
  let redis: RunningRedis
  let kernel: RunningKernel
  let folders: Readonly<Record<'notebook' | 'same' | 'older' | 'empty' | 'cache', string>>

  before(async () => {
    redis = resources.use(await startRedis())
    const { path } = resources.use(await temporaryFolder())
    folders = { notebook: join(path, 'notebook'), same: join(path, 'same'), older: join(path, 'older'), empty: join(path, 'empty'), cache: join(path, 'cache') }
    for (const folder of Object.values(folders)) await mkdir(folder)
    await Promise.all([writePackage(folders.notebook, '1.2.3'), writePackage(folders.same, '1.2.3'), writePackage(folders.older, '1.0.0')])
    kernel = resources.use(await startKernel({ cwd: folders.notebook }))
    await ran(kernel.client, `
      import { Cluster, Pool, Process } from 'paracell'
      import { greet } from '${NAME}'
      const cluster = await Cluster.connect('${redis.url}', { insecure: true })
      const far = async (target: () => unknown) => { const child = new Process({ target, cluster, name: 'far' }); child.start(); console.log(await child.result()) }`)
  })
  after(() => resources.disposeAsync())

  const machine = (folder: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}) =>
    startMachine({ url: redis.url, cwd: folder, env, args: ['--insecure', '--name', 'there', ...args] })
  const uses: Readonly<Record<string, string>> = {
    'an import of the notebook': "await far(() => greet('you'))",
    'an import in the function': `await far(async () => (await import('${NAME}')).greet('you'))`,
    'require': `await far(() => require('${NAME}').greet('you'))`,
    'an import in a cell': `%%cluster --no-label\nimport { greet as hail } from '${NAME}'\nconsole.log(hail('you'))`,
    'the function of a Pool': "const pool = new Pool({ cluster, size: 1 }); console.log((await pool.map(name => greet(name), ['you']))[0]); pool.terminate()",
    'a later function of a Pool': "const later = new Pool({ cluster, size: 1 }); try { await later.map(n => n, [1]); console.log(await later.apply(greet, ['you'])) } finally { later.terminate() }",
    'the initializer of a Pool': "const ready = new Pool({ cluster, size: 1, initializer: () => { globalThis.greeting = greet('you') } }); try { console.log(await ready.apply(() => globalThis.greeting)) } finally { ready.terminate() }"
  }

  test('where they are, it runs, however it is imported', async () => {
    await using _same = await machine(folders.same)
    for (const [story, cell] of Object.entries(uses)) assert.equal((await ran(kernel.client, cell)).stdout, 'hello you from 1.2.3\n', story)
  })

  test('where they are not, that is told, and what to do', async () => {
    await using there = await machine(folders.empty)
    const says = new RegExp(`there: it needs ${NAME} 1\\.2\\.3\\. Install that in .*empty there \\(npm install ${NAME}@1\\.2\\.3\\), or start the worker with --install`)
    for (const [story, cell] of Object.entries(uses)) assert.match(String(errorOf(await kernel.client.execute(cell))?.evalue), says, story)
    await there.stderr.waitFor(/was refused/)
  })

  test('another version is not the same', async () => {
    await using _older = await machine(folders.older)
    assert.match(String(errorOf(await kernel.client.execute("await far(() => greet('you'))"))?.evalue), /1\.2\.3 \(there is 1\.0\.0\)/)
  })

  test('--install brings them into a cache, once', async () => {
    const packed = await execa('npm', ['pack', '--pack-destination', folders.empty], { cwd: join(folders.notebook, 'node_modules', NAME) })
    {
      await using registry = await serveRegistry(join(folders.empty, packed.stdout.trim()), '1.2.3')
      await using _there = await machine(folders.empty, ['--install'], { XDG_CACHE_HOME: folders.cache, npm_config_registry: registry.url, npm_config_cache: join(folders.cache, 'npm') })
      for (const cell of Object.values(uses)) assert.equal((await ran(kernel.client, cell)).stdout, 'hello you from 1.2.3\n')
    }
    await using _again = await machine(folders.empty, ['--install'], { XDG_CACHE_HOME: folders.cache, npm_config_registry: 'http://127.0.0.1:1/' })
    assert.equal((await ran(kernel.client, "await far(() => greet('you'))")).stdout, 'hello you from 1.2.3\n')
  })

  test('what npm says when it can not', async () => {
    await using _there = await machine(folders.empty, ['--install'], { XDG_CACHE_HOME: join(folders.cache, 'other'), npm_config_registry: 'http://127.0.0.1:1/', npm_config_fetch_retries: '0' })
    assert.match(String(errorOf(await kernel.client.execute("await far(() => greet('you'))"))?.evalue), /npm could not install .*ECONNREFUSED/s)
  })
})
