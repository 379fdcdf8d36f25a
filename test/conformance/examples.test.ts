import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { errorOf, type RunningKernel, startKernel } from '../kernel/running-kernel.ts'
import { type RunningMachine, startMachine } from '../support/machine.ts'
import { type RunningRedis, startRedis } from '../support/redis.ts'
import { needs } from '../support/system.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const root = join(import.meta.dirname, '..', '..')
const apiFile = join(root, 'kernel', 'api.ts')

interface Export {
  readonly name: string
  readonly file: string
}

/** What a cell may import, types left out. */
const exports: readonly Export[] = [...readFileSync(apiFile, 'utf8').matchAll(/^export \{ (.*) \} from '(.*)'/gm)]
  .flatMap(([, names = '', file = '']) => names.split(', ').map(name => ({ name, file: join(dirname(apiFile), file) })))

/** Nobody makes these. */
const THROWN = /Error$|^Queue(?:Closed|Empty|Full)$|^TimedOut$|^ConnectionClosed$|^ProgramFailed$/
/** The example needs what is not there: a file, another machine, or cells one after the other. */
const NOT_ALONE = new Set(['Cluster', 'image', 'json', 'magic', 'Job'])

/** The comment before a declaration. */
function docOf({ name, file }: Export): string {
  const source = readFileSync(file, 'utf8')
  const declared = new RegExp(`^export (?:abstract |async )*(?:class|function|const) ${name}\\b`, 'm').exec(source)
  assert.ok(declared, `${name} is not declared in ${file}`)
  const before = source.slice(0, declared.index)
  return before.endsWith('*/\n') ? before.slice(before.lastIndexOf('/**')) : ''
}

function examplesOf(doc: string): string[] {
  const text = doc.replace(/\s*\*\/\s*$/, '').replace(/^ *\* ?/gm, '')
  return text.split(/^@example\s/m).slice(1).map(example => example.split(/^@/m)[0] as string)
}

/** All examples of a file's methods, too. */
function examplesIn(file: string): string[] {
  return [...readFileSync(file, 'utf8').matchAll(/\/\*\*[^]*?\*\//g)].flatMap(([doc]) => examplesOf(doc))
}

const NAMES = exports.map(({ name }) => name).filter(name => !NOT_ALONE.has(name)).join(', ')

describe('examples', { timeout: 120_000 }, () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let kernel: RunningKernel
  before(async () => {
    folder = await temporaryFolder()
    kernel = await startKernel({ cwd: folder.path })
    const { reply } = await kernel.client.execute(`import { ${NAMES} } from 'paracell'`)
    assert.equal(reply.content['status'], 'ok')
  })
  after(async () => {
    await kernel[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  for (const each of exports) {
    test(`${each.name} is explained`, () => {
      const doc = docOf(each)
      assert.match(doc, /\w/)
      if (!THROWN.test(each.name)) assert.ok(examplesOf(doc).length > 0, `${each.name} has no example`)
    })
  }

  const files = new Set(exports.filter(({ name, file }) => !NOT_ALONE.has(name) && file.includes('parallel')).map(({ file }) => file))
  for (const example of [...files, join(root, 'kernel', 'parallel', 'client', 'worker-handle.ts')].flatMap(examplesIn)) {
    test(example.trim(), async () => {
      const execution = await kernel.client.execute(/^await pool\.|of pool\./.test(example) ? `await using pool = new Pool(2)\n${example}` : example)
      assert.equal(errorOf(execution), undefined)
      assert.equal(execution.stderr, '')
    })
  }

  describe('of a cluster', needs('redis-server'), () => {
    let redis: RunningRedis
    let machine: RunningMachine
    before(async () => {
      redis = await startRedis()
      const key = join(folder.path, 'cluster.key')
      await writeFile(key, 'of this test alone, and long enough')
      machine = await startMachine({ url: redis.url, args: ['--key-file', key] })
      await kernel.client.execute("import { Cluster } from 'paracell'")
    })
    after(async () => {
      await machine[Symbol.asyncDispose]()
      await redis[Symbol.asyncDispose]()
    })

    const examples = examplesIn(join(root, 'kernel', 'parallel', 'cluster.ts'))
    const [connect = ''] = examples.flatMap(example => /.*Cluster\.connect.*/.exec(example) ?? [])
    for (const example of examples) {
      test(example.trim(), async () => {
        const cell = example.includes('cluster = ') ? example : `${connect};\n${example}`
        const execution = await kernel.client.execute(cell.replace(/rediss?:[^']*/, redis.url))
        assert.equal(errorOf(execution), undefined)
        assert.equal(execution.stderr, '')
      })
    }
  })

  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  for (const [, cell = ''] of readme.matchAll(/```ts\n([^]*?)```/g)) {
    test(`README: ${cell.split('\n', 1)[0]}`, async () => {
      const execution = await kernel.client.execute(cell)
      assert.equal(errorOf(execution), undefined)
      assert.equal(execution.stderr, '')
      for (const [, promised = ''] of cell.matchAll(/\/\/ prints (.*)$/gm)) assert.ok(execution.stdout.includes(`${promised}\n`), execution.stdout)
    })
  }
})
