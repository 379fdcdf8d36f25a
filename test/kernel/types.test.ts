import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { after, before, describe, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { type JupyterClient, parentOf, streamText } from '../support/jupyter-client.ts'
import { allGone, gone, processesWith } from './processes.ts'
import { errorOf, ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

const startTyped = (): Promise<RunningKernel> => startKernel({ cwd: tmpdir(), env: { PARACELL_TYPES: 'warn' } })

/** Runs a cell and resolves to the warnings that come under it. */
async function warningsOf(client: JupyterClient, code: string): Promise<string> {
  const warned = client.waitFor(message => streamText([message], 'stderr').includes('TS'))
  const { id } = await client.execute(code)
  const warning = await warned
  assert.equal(parentOf(warning), id)
  return stripVTControlCharacters(streamText([warning], 'stderr'))
}

/** The language servers of a kernel. */
function serversOf({ mark }: RunningKernel): number[] {
  return processesWith(mark).filter(pid => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--lsp'))
}

async function complete(client: JupyterClient, code: string): Promise<readonly string[]> {
  const { reply } = await client.request('complete_request', { code, cursor_pos: code.length })
  return reply.content['matches'] as string[]
}

describe('types in the kernel', () => {
  let kernel: RunningKernel
  let client: JupyterClient
  before(async () => {
    kernel = await startTyped()
    client = kernel.client
  })
  after(() => kernel[Symbol.asyncDispose]())

  test('a cell that has nothing to check starts nothing', async () => {
    await ran(client, '1 + 1')
    assert.deepEqual(serversOf(kernel), [])
  })

  test('type errors are shown under their cell, which has run', async () => {
    assert.equal(await warningsOf(client, 'const size: number = 1\nsize.length'), [
      'TS2339: Property \'length\' does not exist on type \'number\'.', '  1 | const size: number = 1', '> 2 | size.length', '    |      ^^^^^^', ''
    ].join('\n'))
  })

  test('a cell that runs long is warned of while it runs', async () => {
    const warned = client.waitFor(message => streamText([message], 'stderr').includes('TS2322'))
    const running = client.ask('execute_request', { code: 'const text: string = 1\nawait new Promise(resolve => { globalThis.goOn = resolve })', silent: false })
    await warned
    await kernel.client.interrupt()
    await (await running).idle
  })

  test('what only the values know is no error, nor what the cell has said itself', async () => {
    await ran(client, 'globalThis.onlyAtRunTime = 1')
    await ran(client, 'onlyAtRunTime + 1')
    await client.execute('nowhere')
    assert.match(await warningsOf(client, 'size.first'), /first/)
    const warnings = streamText(client.iopub, 'stderr')
    assert.doesNotMatch(warnings, /onlyAtRunTime|nowhere/)
  })

  test('completion knows types and values', async () => {
    await ran(client, 'interface Point { left: number; top: number }\nconst points: Point[] = []\nconst parsed = JSON.parse(\'{ "alpha": { "beta": 1 } }\')')
    assert.deepEqual(await complete(client, 'points[0].'), ['left', 'top'])
    assert.deepEqual((await complete(client, 'parsed.')).slice(0, 1), ['alpha'])
    assert.deepEqual((await complete(client, 'parsed.alpha.')).slice(0, 1), ['beta'])
    const { reply } = await client.request('complete_request', { code: 'poi', cursor_pos: 3 })
    assert.deepEqual((reply.content['metadata'] as Record<string, unknown>)['_jupyter_types_experimental'], [{ text: 'points', type: 'instance', start: 0, end: 3 }])
  })

  test('inspection shows type and value', async () => {
    await ran(client, 'const answer: number = 42')
    const { reply } = await client.request('inspect_request', { code: 'answer', cursor_pos: 3, detail_level: 0 })
    const data = reply.content['data'] as Record<string, string>
    assert.equal(data['text/plain'], 'const answer: number\n\n42')
    assert.match(data['text/markdown'] ?? '', /^```typescript\nconst answer: number\n```/)
  })

  test('help comes while a cell blocks, and the kernel stays busy', async () => {
    const started = client.waitFor(message => streamText([message], 'stdout').includes('blocks'))
    const running = client.execute('console.log("blocks"); for (;;) {}')
    await started
    const busyAgain = client.waitFor(({ content }) => content['execution_state'] === 'busy')
    assert.deepEqual(await complete(client, 'points[0].'), ['left', 'top'])
    const { reply } = await client.request('inspect_request', { code: 'answer', cursor_pos: 3, detail_level: 0 })
    assert.equal((reply.content['data'] as Record<string, string>)['text/plain'], 'const answer: number')
    await busyAgain
    await client.interrupt()
    await running
  })

  test('%types strict keeps cells with type errors from running', async () => {
    const refused = await client.execute('%types strict\nglobalThis.hasRun = true; const wrong: number = "x"')
    assert.equal(errorOf(refused)?.ename, 'TypeCheckError')
    assert.match(errorOf(refused)?.traceback ?? '', /TS2322.*\n  1 \| %types strict\n> 2 \| globalThis\.hasRun/)
    assert.equal(valueOf(await client.execute('typeof hasRun')), "'undefined'")
    assert.equal((await ran(client, '%types')).stdout, '%types strict: a cell with type errors is not run\n')
    assert.match(errorOf(await client.execute('%types loud'))?.evalue as string, /strict, warn, off or none/)
    await ran(client, '%types off\nconst stillWrong: number = "x" as never')
    await ran(client, '%types warn')
  })

  test('a session that died has left no types', async () => {
    await client.execute('process.exit(1)')
    assert.ok(!(await complete(client, 'poin')).includes('points'))
  })

  test('a server that dies is missed, but not by completion from the values', async () => {
    await ran(client, 'const after = { life: 1 }')
    for (const pid of serversOf(kernel)) {
      process.kill(pid, 'SIGKILL')
      await gone(pid)
    }
    await kernel.log.waitFor(/language server can't be asked/)
    assert.deepEqual((await complete(client, 'after.')).slice(0, 1), ['life'])
  })
})

const ends: Readonly<Record<string, (kernel: RunningKernel) => Promise<unknown>>> = {
  'a shutdown': ({ client }) => client.shutdown(),
  'SIGTERM': async ({ process: child }) => child.kill('SIGTERM'),
  'SIGKILL': async ({ process: child }) => child.kill('SIGKILL')
}
for (const [how, end] of Object.entries(ends)) {
  test(`no language server outlives the kernel: ${how}`, async () => {
    await using kernel = await startTyped()
    // What only TypeScript knows: the answer comes from its server.
    await complete(kernel.client, 'const local = "text"\nlocal.tr')
    assert.equal(serversOf(kernel).length, 1)
    await end(kernel)
    await allGone(kernel.mark)
  })
}
