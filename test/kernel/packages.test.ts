import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { errorOf, ran, startKernel, valueOf } from './running-kernel.ts'

/** Packages that do what libraries do. */
const files: Readonly<Record<string, string>> = {
  // A library of many modules: only one is exported, and classes get their methods with the first instance.
  'schemas/package.json': '{ "name": "schemas", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  'schemas/index.js': 'export * from "./make.js"\nexport * as settings from "./settings.js"',
  'schemas/settings.js': 'export const settings = {}\nexport const said = () => settings.word ?? "nothing"',
  'schemas/checks.js': `const seen = new WeakMap()
const note = value => seen.set(value, (seen.get(value) ?? 0) + 1)
export const isNumber = value => (note(value), value.n === +value.n)
export const times = value => seen.get(value)`,
  'schemas/make.js': `import * as checks from "./checks.js"
import * as all from "./settings.js"
const made = new WeakSet()
export function Schema() {
  if (!made.has(Schema.prototype)) {
    made.add(Schema.prototype)
    all.settings.word = "set up"
    Schema.prototype.parse = function (value) { return this.run(value) }
  }
  this.run = value => checks.isNumber(value) ? [all.said(), value.n, checks.times(value)] : "wrong"
}`,
  // From before ES modules, with what it remembers in a closure.
  'memory/package.json': '{ "name": "memory", "version": "1.0.0", "main": "index.js" }',
  'memory/index.js': `;(function () {
  const names = new WeakMap()
  function keep(fn) { names.set(fn, fn.name); return function kept() { return names.get(fn) ?? "unknown" } }
  module.exports = { keep }
})()`,
  // A file of the notebook's own.
  '../prepared.ts': 'import { settings } from "schemas"\nsettings.settings.word = "set by a file"\nexport const { said } = settings',
  'memory/plugins.js': 'function make() { return new Thing() }\nclass Thing {}\nmake.prototype = Thing.prototype\nmodule.exports = make',
  'memory/part.js': 'const all = { part: "a part" }\nmodule.exports = all',
  'memory/point.js': 'module.exports = class Point { constructor(x) { this.x = x } }',
  'memory/folder/index.js': 'exports.whole = "a folder"',
  // Classes that keep something for themselves; one is minified.
  '@some/caches/package.json': '{ "name": "@some/caches", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
  '@some/caches/index.js': `class d { #items = 1; get size() { return this.#items } }
export { d as Cache }
export class CacheMap extends Map { #limit = 2; get limit() { return this.#limit } }
export class Refusal extends Error { #code = 3; get code() { return this.#code } }`
}

const cells: readonly (readonly [story: string, cell: string, value: string])[] = [
  ['a closure of its modules goes to a process', `import { Schema } from 'schemas'
import { Process } from 'paracell'
const schema = new Schema()
const child = new Process({ target: (n: number) => schema.parse({ n }), args: [5] })
child.start()
await child.result()`, "[ 'set up', 5, 1 ]"],
  ['an instance comes back, of the class that is here', `import Point from 'memory/point'
import { Process } from 'paracell'
const child = new Process({ target: (x: number) => new Point(x), args: [3] })
child.start()
const back = await child.result() as Point
;[back instanceof Point, back.x]`, '[ true, 3 ]'],
  ['what it remembers in a closure is its own in each process', `import memory from 'memory'
import { Process } from 'paracell'
const kept = memory.keep(function named() {})
const child = new Process({ target: () => kept() })
child.start()
;[kept(), await child.result()]`, "[ 'named', 'unknown' ]"],
  ['what a cell changes in one is changed in the notebook alone, what a local file changes in workers, too', `import { settings } from 'schemas'
import { Process } from 'paracell'
settings.settings.word = 'set by a cell'
const wordIn = async (target: () => string) => { const child = new Process({ target }); child.start(); return child.result() }
const alone = await wordIn(() => settings.said())
const { said } = await import('./prepared.ts')
;[alone, await wordIn(() => said())]`, "[ 'nothing', 'set by a file' ]"],
  ['parts of old packages need no ending, and all that they export has its name', `import { part } from 'memory/part'
import { whole } from 'memory/folder'
import { Process } from 'paracell'
const child = new Process({ target: () => part })
child.start()
;[part, whole, await child.result()]`, "[ 'a part', 'a folder', 'a part' ]"]
]

describe('packages of the notebook', async () => {
  const place = await temporaryFolder()
  after(() => place[Symbol.asyncDispose]())
  for (const [name, content] of Object.entries(files)) {
    const file = join(place.path, 'node_modules', name)
    await mkdir(join(file, '..'), { recursive: true })
    await writeFile(file, content)
  }
  for (const [story, cell, value] of cells) {
    test(story, async () => {
      await using kernel = await startKernel({ cwd: place.path })
      assert.equal(valueOf(await ran(kernel.client, cell)), value)
    })
  }

  test('what only a package can reach is told, with how it is reached and what to do', async () => {
    await using kernel = await startKernel({ cwd: place.path })
    await ran(kernel.client, `import { Process, Thread } from 'paracell'
import { Cache, CacheMap, Refusal } from '@some/caches'
class Own extends CacheMap {}
const kept = { all: [new Map([['k', new Cache()]])] }, map = new CacheMap(), own = new Own(), single = new Cache()`)
    const told = async (target: string) => errorOf(await kernel.client.execute(`new Process({ target: ${target} }).start()`))?.evalue
    const advice = 'of the package "@some/caches", which has private fields: make it inside the function, or send what it holds'
    for (const [target, what] of [
      ['() => kept', `target → kept.all[0].get("k") (notebook variable "kept") is a Cache ${advice}`],
      ['() => map', `target → map (notebook variable "map") is a CacheMap ${advice}`],
      ['() => own', `target → own (notebook variable "own") is a CacheMap ${advice}`]
    ] as const) assert.ok(String(await told(target)).includes(what), target)
    const value = 'const t = new Thread({ target: () => single.size + new CacheMap().limit }); t.start(); await t.result()'
    assert.equal(valueOf(await ran(kernel.client, value)), '3')
    const thrown = 'const p = new Process({ target: () => { throw new Refusal("no") } }); p.start(); (await p.result().catch(error => error)) instanceof Refusal'
    assert.equal(valueOf(await ran(kernel.client, thrown)), 'true')
  })

  test('a worker that misses what a cell has added to a package says what to do', async () => {
    await using kernel = await startKernel({ cwd: place.path })
    await ran(kernel.client, "import make from 'memory/plugins'\nimport { Process, Thread } from 'paracell'\nmake.extra = () => 1; make.prototype.more = () => 2")
    for (const [kind, use, name] of [['Process', 'make.extra()', 'extra'], ['Thread', 'make().more()', 'more']] as const) {
      const { stderr } = await kernel.client.execute(`const ${name} = new ${kind}({ target: () => ${use} }); ${name}.start(); await ${name}.join()`)
      assert.match(stderr, new RegExp(`A cell has added ${name} to what it imports from "memory/plugins", which a worker imports anew, without it:\\nadd it in a local file`))
    }
    const { stderr } = await kernel.client.execute('const other = new Process({ target: () => make().other() }); other.start(); await other.join()')
    assert.doesNotMatch(stderr, /A cell has added/)
  })

  test('a name that a module lacks is told', async () => {
    await using kernel = await startKernel({ cwd: place.path })
    const { traceback = '' } = errorOf(await kernel.client.execute("import { part, other } from 'memory/part'\nother")) ?? {}
    assert.match(traceback, /^SyntaxError: The module "memory\/part" has no export named "other"\./)
  })

  test('a part that is missing is told from a package that is missing', async () => {
    await using kernel = await startKernel({ cwd: place.path })
    assert.match(errorOf(await kernel.client.execute("import 'memory/none'"))?.traceback ?? '', /The package "memory" has no part "memory\/none"/)
    assert.match(errorOf(await kernel.client.execute("import 'none/part'"))?.traceback ?? '', /There is no package "none".*%install none\./)
  })
})
