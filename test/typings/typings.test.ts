import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ServerKeeper } from '../../kernel/types/server-keeper.ts'
import { TypeService } from '../../kernel/types/service.ts'
import { typingOf } from '../../kernel/typings/typings.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const folder = import.meta.dirname

/** What the cells import, and as what. */
const imports = {
  fs: ['node:fs', '*'], fsOld: ['fs', 'default'], readFile: ['node:fs/promises', 'readFile'], path: ['node:path', 'default'], dirname: ['path', 'dirname'],
  spawn: ['node:child_process', 'spawn'], performanceOf: ['node:perf_hooks', 'monitorEventLoopDelay'], promisify: ['node:util', 'promisify'],
  Process: ['paracell', 'Process'], Queue: ['paracell', 'Queue'], display: ['paracell', 'display'], sleep: ['paracell', 'sleep'], cpuCount: ['paracell', 'cpuCount'],
  parseSync: ['oxc-parser', 'parseSync'], MagicString: ['magic-string', 'default'], tidy: ['oxc-walker', 'walk']
} as const

const names = [
  'Math', 'Math.max', 'Math.PI', 'Math.clz32', 'JSON', 'JSON.stringify', 'JSON.parse', 'console', 'console.log', 'console.table', 'console.time', 'setTimeout', 'setInterval', 'setImmediate',
  'clearTimeout', 'queueMicrotask', 'structuredClone', 'fetch', 'parseInt', 'isNaN', 'encodeURIComponent', 'Array', 'Array.from', 'Array.isArray', 'Array.of', 'Object', 'Object.keys', 'Object.assign',
  'Object.groupBy', 'Number', 'Number.parseFloat', 'Number.EPSILON', 'Promise', 'Promise.all', 'Promise.withResolvers', 'Map', 'Set', 'WeakMap', 'Symbol', 'Symbol.for', 'BigInt', 'Date', 'Date.now',
  'Error', 'RegExp', 'RegExp.escape', 'String.raw', 'Reflect.ownKeys', 'Atomics.wait', 'Infinity', 'NaN', 'Iterator', 'process', 'process.argv', 'process.cwd', 'process.env', 'process.hrtime.bigint',
  'Buffer', 'Buffer.from', 'Buffer.alloc', 'fs.readFile', 'fs.readFileSync', 'fs.existsSync', 'fsOld.mkdirSync', 'readFile', 'path.join', 'dirname', 'spawn',
  'performanceOf', 'promisify', 'Process', 'Queue', 'sleep', 'cpuCount', 'parseSync', 'MagicString', 'tidy'
]

/** These only TypeScript can tell. */
const untold = ['URL', 'AbortController', 'Math.nothing', 'fs.nothing', 'nowhere', 'process.stdout.write', 'Symbol.iterator', 'globalThis', 'performance.now']

describe('declaration files tell what TypeScript does', () => {
  const keeper = new ServerKeeper(folder, assert.fail)
  const service = new TypeService(keeper)
  before(() => {
    for (const [name, [specifier, imported]] of Object.entries(imports)) {
      service.remember(imported === '*' ? `import * as ${name} from '${specifier}'` : `import { ${imported} as ${name} } from '${specifier}'`)
    }
  })
  after(() => keeper[Symbol.asyncDispose]())

  for (const name of names) {
    test(name, async () => {
      const [typed, told] = [await service.inspect(name, name.length, 0), await toldOf(name)]
      assert.equal(simple(told?.signature), simple(typed?.signature))
      const words = (text = ''): string => text.replace(/\[([^\]]+)\]\(file:[^)]*\)/g, '$1').replace(/\s+/g, ' ').replaceAll('```tsx', '```ts').trim()
      assert.equal(words([told?.doc.summary, told?.doc.tags].join(' ')), words(typed?.documentation))
    })
  }
})

/** Types are written as in the file, without the namespaces around them, and on one line. */
function simple(signature: string | undefined): string | undefined {
  return signature?.replace(/\s+/g, ' ').replace(/(?<=[^(\w.] ?|[<(] ?)(?:[a-zA-Z]\w*\.)+(?=[A-Z])/g, '').replace(/; \}/g, ' }')
}

function toldOf(name: string) {
  const path = name.split('.')
  const [specifier, imported] = imports[path[0] as keyof typeof imports] ?? []
  return typingOf({ folder, path, imported: specifier === undefined ? undefined : { specifier, imported } })
}

test('what has to be found out is left to TypeScript', async () => {
  for (const name of untold) assert.equal((await toldOf(name))?.signature, undefined, name)
})

const packages: Readonly<Record<string, string>> = {
  'chain/package.json': '{"exports": {".": {"import": {"types": "./types/index.d.mts", "default": "./index.mjs"}}, "./part": "./part.js"}}',
  'chain/types/index.d.mts': "export * from './other.mjs'\nexport * from './far.mjs'\nimport * as inner from './far.mjs'\nexport { inner }\nexport { default as first, named as second } from './far.mjs'\ndeclare const made: inner.Made\nexport default made\n",
  'chain/types/other.d.mts': 'export {}\n',
  'chain/types/far.d.mts': "export * from './index.mjs'\n/** Far. */\nexport declare function far(a: number): void\nexport default function start(): string\ndeclare const own: number\nexport { own as named }\n/** What is made. */\nexport interface Made {\n  /** Runs. */\n  run(): void\n}\n",
  'chain/part.d.ts': 'export declare class Part<T> {\n  constructor(a: T, b?: number)\n}\n',
  'whole/package.json': '{"main": "index.js"}',
  '@types/whole/package.json': '{"types": "index.d.ts"}',
  '@types/whole/index.d.ts': '/// <reference path="./more.d.ts" />\nexport = w\ndeclare const w: w.Static\ndeclare namespace w {\n  interface Static {}\n}\n',
  '@types/whole/more.d.ts': 'import w = require("./index")\ndeclare module "./index" {\n  interface Static {\n    /** Cuts. */\n    cut(a: string): string[]\n  }\n}\n',
  'broken/package.json': '{"types": "./nothing.d.ts"}'
}

const fromPackages: readonly (readonly [specifier: string, imported: string, path: string, signature: string | undefined])[] = [
  ['chain', 'far', 'far', 'function far(a: number): void'],
  ['chain', '*', 'all.far', 'function far(a: number): void'],
  ['chain', 'inner', 'inner.far', 'function far(a: number): void'],
  ['chain', 'first', 'first', 'function start(): string'],
  ['chain', 'second', 'second', 'const own: number'],
  ['chain', 'default', 'made', 'const made: inner.Made'],
  ['chain', 'Made', 'Made', 'interface Made'],
  ['chain', 'nothing', 'nothing', undefined],
  ['chain/part', 'Part', 'Part', 'class Part<T>'],
  ['chain/nothing', 'far', 'far', undefined],
  ['whole', 'cut', 'cut', '(method) w.Static.cut(a: string): string[]'],
  ['whole', 'default', 'w.cut', '(method) w.Static.cut(a: string): string[]'],
  ['broken', 'a', 'a', undefined],
  ['nowhere', 'a', 'a', undefined]
]
describe('packages', () => {
  let place: string
  const resources = new AsyncDisposableStack()
  before(async () => {
    place = resources.use(await temporaryFolder()).path
    for (const [name, text] of Object.entries(packages)) {
      const file = join(place, 'node_modules', name)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, text)
    }
  })
  after(() => resources.disposeAsync())

  for (const [specifier, imported, path, signature] of fromPackages) {
    test(`${imported} of ${specifier} as ${path}`, async () => {
      assert.equal((await typingOf({ folder: place, path: path.split('.'), imported: { specifier, imported } }))?.signature, signature)
    })
  }

  test('a class is called by its constructor', async () => {
    const typing = await typingOf({ folder: place, path: ['Part'], imported: { specifier: 'chain/part', imported: 'Part' }, call: 'new' })
    assert.deepEqual(typing?.calls.map(({ label }) => label), ['Part(a: T, b?: number): Part'])
  })
})
