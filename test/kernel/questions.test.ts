import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { ran, type RunningKernel, startKernel } from './running-kernel.ts'

describe('questions about code', () => {
  let kernel: RunningKernel
  before(async () => {
    kernel = await startKernel()
    await ran(kernel.client, 'const greeting = "hello"; const 挨拶 = { 名字: 1, second: 2 }; function add(a: number, b: number) { return a + b }')
  })
  after(() => kernel[Symbol.asyncDispose]())

  const completions: readonly (readonly [code: string, cursor: number, contains: readonly string[], start: number, end: number])[] = [
    ['greet', 5, ['greeting'], 0, 5],
    ['greeting.toUpp', 14, ['toUpperCase'], 9, 14],
    ['Math.ma', 7, ['max'], 5, 7],
    ['"😀" + greet', 11, ['greeting'], 6, 11],
    ['挨拶.', 3, ['名字', 'second'], 3, 3],
    ['挨拶.se; 1', 5, ['second'], 3, 5]
  ]
  for (const [code, cursor_pos, contains, start, end] of completions) {
    test(`completes ${code} at ${cursor_pos}`, async () => {
      const { reply: { content } } = await kernel.client.request('complete_request', { code, cursor_pos })
      for (const name of contains) assert.ok((content['matches'] as string[]).includes(name), `${name} is not in ${content['matches']}`)
      assert.deepEqual([content['cursor_start'], content['cursor_end']], [start, end])
    })
  }

  const inspections: readonly (readonly [code: string, cursor: number, detail: 0 | 1, shows: RegExp | undefined])[] = [
    ['greeting', 3, 0, /hello/],
    ['add', 1, 0, /\(a: number, b: number\)/],
    ['add', 1, 1, /return a \+ b/],
    ['Math.max(1)', 7, 0, /max/],
    ['nothingOfThatName', 3, 0, undefined]
  ]
  for (const [code, cursor_pos, detail_level, shows] of inspections) {
    test(`inspects ${code} at ${cursor_pos} in detail ${detail_level}`, async () => {
      const { reply: { content } } = await kernel.client.request('inspect_request', { code, cursor_pos, detail_level })
      assert.equal(content['found'], shows !== undefined)
      if (shows) assert.match((content['data'] as Record<string, string>)['text/plain'] ?? '', shows)
    })
  }

  test('a look has no effect', async () => {
    await ran(kernel.client, 'let looks = 0; const shy = { get face() { return ++looks } }')
    await kernel.client.request('inspect_request', { code: 'shy.face', cursor_pos: 6, detail_level: 0 })
    await kernel.client.request('complete_request', { code: 'shy.face.', cursor_pos: 9 })
    await ran(kernel.client, 'if (looks !== 0) throw new Error(`${looks} looks`)')
  })

  const samples: readonly (readonly [code: string, status: string])[] = [
    ['1 + 1', 'complete'],
    ['for (const x of y) {', 'incomplete'],
    ['const x = `a', 'incomplete'],
    ['f(', 'incomplete'],
    ['let = = 1', 'invalid'],
    ['%%process\nconsole.log(1)', 'complete'],
    ['%%thread -n 2\nfor (;;) {', 'incomplete']
  ]
  for (const [code, status] of samples) {
    test(`${JSON.stringify(code)} is ${status}`, async () => {
      const { reply } = await kernel.client.request('is_complete_request', { code })
      assert.equal(reply.content['status'], status)
    })
  }

  test('history tells what ran, in its order, with outputs on request', async () => {
    await ran(kernel.client, '"remembered"')
    const { reply } = await kernel.client.request('history_request', { hist_access_type: 'tail', n: 1, output: true, raw: true })
    const [[, , entry] = []] = reply.content['history'] as [number, number, [string, string]][]
    assert.deepEqual(entry, ['"remembered"', "'remembered'"])
  })
})

/** Cells that declare, and help as it is without TypeScript. */
const declaring = [
  '/**\n * Finds a row.\n * @param name what it is called\n */\nasync function find<T>(name: string, ...more: T[]): Promise<T | undefined> { return more[0] }',
  'interface Row { id: number }\nconst rows: Row[] = [{ id: 1 }], guessed = rows.map(({ id }) => id)\nclass Shape<T> { side?: T }',
  '%time 1\n/** Timed. */ const later: number = 5'
]
const found = 'async function find<T>(name: string, ...more: T[]): Promise<T | undefined> { return more[0] }'
const help: readonly (readonly [marked: string, detail: 0 | 1, shows: string])[] = [
  ['fi|nd("a")', 0, 'function find<T>(name: string, ...more: T[]): Promise<T | undefined>\n\nFinds a row.\n\n*@param* name — what it is called'],
  ['find|', 1, `function find<T>(name: string, ...more: T[]): Promise<T | undefined>\n\nFinds a row.\n\n*@param* name — what it is called\n\n${found}`],
  ['await find(|', 0, 'find<T>(name: string, ...more: T[]): Promise<T | undefined>\n\nArgument name: string: what it is called\n\nFinds a row.'],
  ['find("a, b", [1, 2], {}, |', 0, 'find<T>(name: string, ...more: T[]): Promise<T | undefined>\n\nArgument ...more: T[]\n\nFinds a row.'],
  ['ro|ws', 0, 'const rows: Row[]\n\n[ { id: 1 } ]'],
  ['gue|ssed', 0, 'guessed: Array\n\n[ 1 ]'],
  ['let row: Ro|w', 1, 'interface Row\n\ninterface Row { id: number }'],
  ['new Sha|pe()', 0, 'class Shape<T>'],
  ['later|', 0, 'const later: number\n\nTimed.\n\n5'],
  ['rows.len|gth', 0, '(property) Array<T>.length: number\n\nGets or sets the length of the array. This is a number one higher than the highest index in the array.\n\n1'],
  ['find(1).th|en', 0, ''],
  ['find("|', 0, 'find<T>(name: string, ...more: T[]): Promise<T | undefined>\n\nArgument name: string: what it is called\n\nFinds a row.']
]
describe('help from the cells and the values alone', () => {
  let kernel: RunningKernel
  before(async () => {
    kernel = await startKernel({ env: { PARACELL_TYPES: 'none' } })
    for (const cell of declaring) await ran(kernel.client, cell)
    await ran(kernel.client, "import * as fs from 'fs'; import { readFile as readLines } from 'node:fs/promises'; import { Process, Queue } from 'paracell'; const greeting = 'hello', list = [{ tags: new Map([[1, 'a']]) }]")
  })
  after(() => kernel[Symbol.asyncDispose]())

  for (const [marked, detail_level, shows] of help) {
    test(`${marked} in detail ${detail_level}`, async () => {
      const { reply: { content } } = await kernel.client.request('inspect_request', { code: marked.replace('|', ''), cursor_pos: marked.indexOf('|'), detail_level })
      assert.equal((content['data'] as Record<string, string>)['text/plain'] ?? '', shows)
    })
  }

  /** Without TypeScript, which would say the same. */
  const files: readonly (readonly [code: string, shows: string | undefined])[] = [
    ['Math.max', '(method) Math.max(...values: number[]): number\n\nReturns the larger'],
    ['Math.max(1, ', 'max(...values: number[]): number\n\nArgument ...values: number[]: Numeric'],
    ['JSON.stringify({}, ', 'stringify(value: any, replacer?: (this: any, key: string, value: any) => any, space?: string | number): string\n\nArgument replacer?: '],
    ['Object.assign({}, {}, {}, ', 'assign<T extends {}, U, V, W>(target: T, source1: U, source2: V, source3: W): T & U & V & W\n\nArgument source3: W'],
    ['new Map(', 'Map<K, V>(entries?: readonly (readonly [K, V])[] | null): Map<K, V>\n\nArgument entries?'],
    ['Math.PI', '(property) Math.PI: number\n\nPi.'],
    ['[].map', '(method) Array<T>.map<U>('],
    ['greeting.padStart', '(method) String.padStart(targetLength: number, padString?: string): string'],
    ['list[0].tags.get', '(method) Map<K, V>.get(key: K): V | undefined'],
    ['list?.length', '(property) Array<T>.length: number'],
    ['readLines(', 'readFile<T extends NodeJS.ArrayBufferView>('],
    ['fs.existsSync', 'function existsSync(path: PathLike): boolean'],
    ['Queue', 'class Queue<T = unknown>\n\nFirst in, first out'],
    ['new Process(', 'Process(options'],
    ['const label = (Math) => Math.max', '(method) Math.max'],
    ['greeting.shout', 'greeting.shout: undefined'],
    ['nothingOfThatName.map', undefined]
  ]
  for (const [code, shows] of files) {
    test(`${code} is looked up where it is declared`, async () => {
      const { reply: { content } } = await kernel.client.request('inspect_request', { code, cursor_pos: code.length, detail_level: 0 })
      assert.equal((content['data'] as Record<string, string>)['text/plain']?.slice(0, shows?.length), shows)
    })
  }

  test('the newest declaration counts', async () => {
    await ran(kernel.client, 'function renewed(a: number): void {}')
    await ran(kernel.client, 'const renewed: string = "now"')
    const { reply: { content } } = await kernel.client.request('inspect_request', { code: 'renewed', cursor_pos: 3, detail_level: 0 })
    assert.match((content['data'] as Record<string, string>)['text/plain'] ?? '', /^const renewed: string\n/)
  })
})
