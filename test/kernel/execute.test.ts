import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { typeOf } from '../support/jupyter-client.ts'
import { errorOf, ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

describe('cells', () => {
  let kernel: RunningKernel
  before(async () => {
    kernel = await startKernel()
  })
  after(() => kernel[Symbol.asyncDispose]())

  const values: readonly [story: string, cells: readonly string[], value: string | undefined][] = [
    ['an expression', ['1 + 1'], '2'],
    ['a declaration has no value', ['const pi = 3.14'], undefined],
    ['variables stay', ['let a = 1', 'a += 2', 'a'], '3'],
    ['redeclaration', ['const b = 1', 'const b: string = "two"', 'b'], "'two'"],
    ['redeclared function', ['function f() { return 1 }', 'function f() { return 2 }', 'f()'], '2'],
    ['redeclared class', ['class C { v = 1 }', 'class C { v = 2 }', 'new C().v'], '2'],
    ['types are erased', ['interface P { x: number }\nconst p: P = { x: 1 }\np.x satisfies number'], '1'],
    ['an enum', ['enum Colour { Red, Green }', 'Colour.Green'], '1'],
    ['a namespace', ['namespace N { export const v = 7 }', 'N.v'], '7'],
    ['top-level await', ['await Promise.resolve(5)'], '5'],
    ['a promise is awaited', ['Promise.resolve(5)'], '5'],
    ['static import', ["import { basename } from 'node:path'\nbasename('/a/b.ts')"], "'b.ts'"],
    ['an import lives on', ["import * as os from 'node:os'", 'typeof os.cpus'], "'function'"],
    ['default import', ["import fs from 'node:fs'\ntypeof fs.readFileSync"], "'function'"],
    ['dynamic import', ["(await import('node:path')).sep"], "'/'"],
    ['destructuring', ['const { q, ...rest } = { q: 1, r: 2, s: 3 }', 'rest'], '{ r: 2, s: 3 }'],
    ['the last statement of a loop has no value', ['for (let i = 0; i < 3; i++) i'], undefined],
    ['an object literal', ['({ a: 1, b: [2] })'], '{ a: 1, b: [ 2 ] }'],
    ['a semicolon does not hide a value', ['6 * 7;'], '42'],
    ['null', ['null'], 'null'],
    ['undefined has no output', ['undefined'], undefined],
    ['unicode', ['const 名字 = "世界"', '`你好 ${名字} 😀`'], "'你好 世界 😀'"],
    ['using', ['let log: string[] = []\n{ using r = { [Symbol.dispose]() { log.push("gone") } }; log.push("used") }\nlog'], "[ 'used', 'gone' ]"],
    ['a comment alone', ['// nothing'], undefined],
    ['nothing', [''], undefined],
    ['windows line ends', ['const w = 1\r\nw + 1\r\n'], '2'],
    ['the cell sees globals of Node', ['typeof require + typeof process.pid + typeof Buffer'], "'functionnumberfunction'"]
  ]
  for (const [story, cells, expected] of values) {
    test(story, async () => {
      const executions = []
      for (const cell of cells) executions.push(await ran(kernel.client, cell))
      assert.equal(valueOf(executions.at(-1)!), expected)
    })
  }

  test('the execution count goes up by one, for failed cells too, and not for silent ones', async () => {
    const first = await ran(kernel.client, '0')
    const count = first.reply.content['execution_count'] as number
    const cells = ['1', 'throw new Error("no")', '2']
    const counts = []
    for (const cell of cells) counts.push((await kernel.client.execute(cell)).reply.content['execution_count'])
    assert.deepEqual(counts, [count + 1, count + 2, count + 3])
    const silent = await kernel.client.execute('3', { silent: true })
    assert.equal(silent.reply.content['execution_count'], count + 3)
    const unstored = await kernel.client.execute('4', { store_history: false })
    assert.equal(unstored.reply.content['status'], 'ok')
    assert.equal((await ran(kernel.client, '5')).reply.content['execution_count'], count + 4)
  })

  test('messages come in the order of the protocol', async () => {
    const { messages } = await ran(kernel.client, 'console.log("out")\n"value"')
    assert.deepEqual(messages.map(typeOf), ['status', 'execute_input', 'stream', 'execute_result', 'status'])
  })

  test('a silent cell runs and shows nothing of itself', async () => {
    const { messages, reply } = await kernel.client.execute('var quiet = 11; quiet', { silent: true })
    assert.equal(reply.content['status'], 'ok')
    assert.deepEqual(messages.map(typeOf), ['status', 'status'])
    assert.equal(valueOf(await ran(kernel.client, 'quiet')), '11')
  })

  test('user_expressions are answered each by itself', async () => {
    const { reply } = await kernel.client.execute('const u = 20', { user_expressions: { twice: 'u * 2', wrong: 'nowhere' } })
    const answers = reply.content['user_expressions'] as Record<string, Record<string, unknown>>
    assert.deepEqual(answers['twice'], { status: 'ok', data: { 'text/plain': '40' }, metadata: {} })
    assert.deepEqual([answers['wrong']?.['status'], answers['wrong']?.['ename']], ['error', 'ReferenceError'])
  })

  test('what waits behind a failed cell is aborted, unless the cell says otherwise', async () => {
    for (const [stop_on_error, expected] of [[true, ['error', 'aborted', 'aborted']], [false, ['error', 'ok', 'ok']]] as const) {
      const cells = ['await new Promise(r => setTimeout(r, 50)); throw new Error("stop")', '1', '2']
      const executions = await Promise.all(cells.map(cell => kernel.client.execute(cell, { stop_on_error })))
      assert.deepEqual(executions.map(({ reply }) => reply.content['status']), expected)
    }
    assert.equal(valueOf(await ran(kernel.client, '"goes on"')), "'goes on'")
  })

  test('an assignment to a constant is an error', async () => {
    await ran(kernel.client, 'const fixed = 1')
    const error = errorOf(await kernel.client.execute('fixed = 2'))
    assert.deepEqual([error?.ename, error?.evalue], ['TypeError', 'Assignment to constant variable.'])
    assert.equal(valueOf(await ran(kernel.client, 'fixed')), '1')
  })

  test('a failed cell keeps what it declared before it failed', async () => {
    await kernel.client.execute('let kept = 1\nthrow new Error("later")\nlet never = 2')
    assert.equal(valueOf(await ran(kernel.client, 'kept')), '1')
  })

  test('200 cells in a row, each with its own output and end', async () => {
    const cells = Array.from({ length: 200 }, (_, i) => `console.log(${i}); ${i}`)
    const executions = await Promise.all(cells.map(cell => kernel.client.execute(cell)))
    assert.deepEqual(executions.map(({ stdout }) => stdout), cells.map((_, i) => `${i}\n`))
    assert.deepEqual(executions.map(valueOf), cells.map((_, i) => String(i)))
  })
})
