import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ServerKeeper } from '../../kernel/types/server-keeper.ts'
import { TypeService } from '../../kernel/types/service.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

interface Notebook extends AsyncDisposable {
  readonly service: TypeService
  readonly folder: string
  /** Checks a cell as the kernel does, and then remembers it: the numbers of its problems. */
  run(cell: string): Promise<string>
}

async function openNotebook(files: Readonly<Record<string, string>> = {}): Promise<Notebook> {
  await using resources = new AsyncDisposableStack()
  const { path: folder } = resources.use(await temporaryFolder())
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  const service = new TypeService(resources.use(new ServerKeeper(folder, line => assert.fail(line))))
  const owned = resources.move()
  return {
    service,
    folder,
    async run(cell) {
      const problems = await service.check(cell)()
      service.remember(cell)
      return problems.map(({ code }) => code).join(' ')
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync()
  }
}

/** Stories of cells: each with the numbers of the errors that it has. */
const stories: Readonly<Record<string, readonly (readonly [cell: string, problems: string])[]>> = {
  'types go from cell to cell': [
    ['interface Person { name: string }\nconst people: Person[] = []', ''],
    ['people[0].nam', '2551'],
    ['people.push({ name: 1 })', '2322'],
    ['const first: Person = people[0]!', '']
  ],
  'a name means what it meant': [
    ['let x = 1; const f = (a: number) => a', ''],
    ['const y = f(x)', ''],
    ['let x = "text"', ''],
    ['x.toUpperCase(); y.toFixed(); f(x)', '2345'],
    ['x = 1', '2322'],
    ['x = "other"; var x2 = x', ''],
    ['function f(a: string) { return a }\nf(x)', ''],
    ['f = null as never', '']
  ],
  'what a notebook may do': [
    ['await Promise.resolve(1)', ''],
    ['{ a: 1, b: 2 }', ''],
    ['const later = () => laterDeclared()', '2304'],
    ['function untyped(a, b) { return a + b }', ''],
    ['let found = null; const list = []', ''],
    ['found = { a: 1 }; list.push(1); found.a', ''],
    ['let maybe: { a: number } | undefined = Math.random() > 2 ? { a: 1 } : undefined', ''],
    ['if (!maybe) throw new Error("none")', ''],
    ['maybe.a', ''],
    ['const debug = false', ''],
    ['if (debug === true) console.log(1)', ''],
    ['prompt("a")?.length; await input("b")', ''],
    ['const alert = 1', ''],
    ['alert.foo', '2339'],
    ['import missing from "no-such-package"; missing.anything', ''],
    ['require("node:fs").readFileSync; import.meta.dirname; globalThis.some = 1', ''],
    ['enum Color { Red }; namespace N { export let a = 1 }; N.a = Color.Red; @((..._: unknown[]) => undefined as never) class Decorated {}', ''],
    ['const words = "a".match(/a/); words.length; process.env.HOME.length', ''],
    ['const counts = {}; counts.a = 1; Object.entries(counts).map(([, n]) => n + 1)', ''],
    ['try { throw 1 } catch (error) { error.message }', ''],
    ['const answer = await (await fetch("x").catch(() => new Response())).json(); answer.items', ''],
    ['await new Promise(resolve => resolve())', ''],
    ['typeof nowhere === "undefined"', ''],
    ['export default 1', ''],
    ['export default 2', ''],
    ['using res = { [Symbol.dispose]() {} }', ''],
    ['const element = <b>bold</b>', ''],
    ['const old = <any>element', '']
  ],
  'magics': [
    ['%%thread -n 2 --out sizes\nconst mine: number = rank + size; mine.foo', '2339'],
    ['sizes.anything', ''],
    ['%cd x\nconst wrong: number = ""', '2322'],
    ['%time const timed = await Promise.resolve("x")\n', ''],
    ['%time timed.foo', '2339'],
    ['%%sh\nls -l', ''],
    ['%%nobodyKnows\nthis is no TypeScript', ''],
    ['const rank = "free"', '']
  ],
  'paracell and Node': [
    ['import { Process, display, Pool } from "paracell"\nimport { readFile } from "node:fs/promises"', ''],
    ['new Process({ target: (a: number) => a, args: ["x"] })', '2322'],
    ['const pool = new Pool(); await pool.starmap((a: number, b: number) => a + b, [[1, 2]] as const)', ''],
    ['(await readFile("x", "utf8")).toFixed()', '2551'],
    ['process.exitt()', '2551']
  ],
  'what cells were and gave': [
    ['_ + __; Out[1].anything; In[1].length', ''],
    ['In[1].anything', '2339'],
    ['const _ = { chunk: (list: unknown[]) => list }', ''],
    ['_.chunk(1)', '2345']
  ],
  'syntax is judged by what runs the cell': [
    ['let b =', ''],
    ['const a = 1', ''],
    ['a.b', '2339']
  ]
}

describe('type errors', () => {
  for (const [name, cells] of Object.entries(stories)) {
    test(name, async () => {
      await using notebook = await openNotebook()
      for (const [cell, problems] of cells) assert.equal(await notebook.run(cell), problems, cell)
    })
  }

  test('what may be empty matters where a cell is not to run with errors', async () => {
    await using notebook = await openNotebook()
    const problems = await notebook.service.check('"a".match(/a/).length', true)()
    assert.deepEqual(problems.map(({ code }) => code), [2531])
  })

  test('nothing is left of variables that are gone', async () => {
    await using notebook = await openNotebook()
    await notebook.run('let x = 1')
    notebook.service.forget()
    assert.equal(await notebook.run('x'), '2304')
  })

  test('packages, @types, local files and what changes in them', async () => {
    await using notebook = await openNotebook({
      'node_modules/typed/package.json': '{ "name": "typed", "types": "index.d.ts" }',
      'node_modules/typed/index.d.ts': 'export declare function give(): number',
      'node_modules/plain/index.js': 'exports.x = 1',
      'node_modules/@types/plain/index.d.ts': 'export declare const x: number',
      'local.ts': 'export const local = 1',
      'data.json': '{ "alpha": { "beta": 1 } }'
    })
    assert.equal(await notebook.run('import { give } from "typed"; import { x } from "plain"; give().length; x.length'), '2339 2339')
    assert.equal(await notebook.run('import { local } from "./local.ts"; import data from "./data.json"\nlocal.foo; data.alpha.beta.foo'), '2339 2339')
    await writeFile(join(notebook.folder, 'local.ts'), 'export const local = { foo: 1 }')
    assert.equal(await notebook.run('local.foo'), '')
  })

  test('decorators are those of the standard, unless a tsconfig.json wants the old ones', async () => {
    const standard = 'function up<F extends (...args: any[]) => string>(f: F, _: ClassMethodDecoratorContext): F { return f }\nclass A { @up m() { return "" } accessor n = 1 }'
    const old = 'function down(_: object, __: string, d: PropertyDescriptor) { return d }\nclass B { @down m() { return "" } }'
    await using notebook = await openNotebook({})
    assert.deepEqual([await notebook.run(standard), await notebook.run(old)], ['', '1241 1270'])
    await writeFile(join(notebook.folder, 'tsconfig.json'), '{ "compilerOptions": { "strict": true, "experimentalDecorators": true } }')
    assert.equal(await notebook.run(old.replaceAll('down', 'lower')), '')
  })

  test('what a tsconfig.json has other names for', async () => {
    const configuration = '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] } } }'
    await using notebook = await openNotebook({ 'tsconfig.json': configuration, 'src/math.ts': 'export const half = (n: number): number => n / 2' })
    assert.equal(await notebook.run('import { half } from "@/math"\nconst wrong: string = half(3)'), '2322')
  })

  test('a tsconfig.json beside the notebook counts, also when it changes', async () => {
    await using notebook = await openNotebook({ 'tsconfig.json': '{\n  // loose\n  "compilerOptions": { "strict": false, },\n}' })
    assert.equal(await notebook.run('const a: number = null; function f(x) {}'), '')
    await writeFile(join(notebook.folder, 'tsconfig.json'), '{ "compilerOptions": { "strict": true } }')
    assert.equal(await notebook.run('const b: number = null; function g(x) {}'), '2322 7006')
    await rm(join(notebook.folder, 'tsconfig.json'))
    assert.equal(await notebook.run('const c: number = null; function h(x) {}'), '2322')
  })
})

describe('completion and inspection', () => {
  let notebook: Notebook
  before(async () => {
    notebook = await openNotebook({
      'local.ts': '/** Helps. */\nexport function help(count: number): string {\n  return String(count)\n}',
      'node_modules/parts/package.json': '{}', 'node_modules/parts/one.js': 'exports.a = 1', 'node_modules/parts/one.d.ts': 'export const a: 1', 'node_modules/parts/two.d.mts': 'export {}'
    })
    for (const cell of [
      'interface Person { name: string; age?: number }\nlet person: Person | undefined = { name: "x" }',
      '/** Adds.\n * @param b the second */\nfunction add(a: number, b: number): number {\n  return a + b\n}',
      '/** How it goes. */\nlet pace = 3',
      'const mode = "fast" as "fast" | "slow"; const odd = { "a-b": 1, c: 2 }',
      '/** Like {@link add}. */\nfunction plus(a: string): string\nfunction plus(a: number): number\nfunction plus(a: any): any { return a }'
    ]) await notebook.run(cell)
  })
  after(() => notebook[Symbol.asyncDispose]())

  /** Code with `|` where the cursor is; the first matches, and what they replace. */
  const completions: readonly (readonly [code: string, first: string, replaced: string])[] = [
    ['person.|', 'age name', ''], ['person?.na|', 'name', 'na'], ['person!.NA|', 'name', 'NA'], ['const p: Person = { | }', 'name age', ''],
    ['pers|', 'person', 'pers'], ['`${person.na|} b`', 'name', 'na'], ['const = ) @ ; person.na|', 'name', 'na'], ['mode === "|"', 'fast slow', ''],
    ['import { help } from "./loc|', 'local.ts', 'loc'], ['import fs from "node:fs/pro|"', 'promises', 'pro'], ['import {} from "parts/|"', 'one.js package.json two.mjs', ''], ['class C { #a = 1; b() { this.| } }', '#a b', ''],
    ['odd.|', 'c', ''], ['function f() {\n  const q = person\n  q.na|\n}\nf()', 'name', 'na'], ['%%process\nra|', 'rank', 'ra'],
    ['import { h| } from "./local.ts"', 'help', 'h'], ['["a"].map(x => x.toUpp|', 'toUpperCase', 'toUpp'], ['const x = <Pers|', 'Person', 'Pers'], ['[1, 2].|', 'at concat', '']
  ]
  for (const [marked, first, replaced] of completions) {
    test(`completes ${JSON.stringify(marked)}`, async () => {
      const offset = marked.indexOf('|')
      const code = marked.replace('|', '')
      const found = await notebook.service.complete(code, offset)
      const names = first.split(' ')
      assert.deepEqual(found?.items.slice(0, names.length).map(({ text }) => text), names)
      assert.equal(code.slice(found?.start, offset), replaced)
    })
  }

  /** Code with the cursor; the signature, and what else is said. */
  const inspections: readonly (readonly [code: string, signature: string, says?: RegExp])[] = [
    ['pa|ce', 'let pace: number', /^How it goes\./], ['ad|d', 'function add(a: number, b: number): number', /^Adds\./], ['person|', 'let person: Person | undefined'],
    ['add(1, |', 'add(a: number, b: number): number', /^Argument \*\*`b: number`\*\*: the second/], ['add(|', 'add(a: number, b: number): number', /`a: number`/],
    ['Math.m|ax(1)', '(method) Math.max(...values: number[]): number', /larger/], ['const e = |person', 'let person: Person | undefined'], ['new Map([|])', 'Map(', /more signature/],
    ['pl|us', 'function plus(a: string): string\nfunction plus(a: number): number', /^Like add\.$/]
  ]
  for (const [marked, signature, says = /^/] of inspections) {
    test(`inspects ${marked}`, async () => {
      const found = await notebook.service.inspect(marked.replace('|', ''), marked.indexOf('|'), 0)
      assert.ok(found?.signature.startsWith(signature), found?.signature)
      assert.match(found?.documentation ?? '', says)
    })
  }

  test('shows the source of what cells, files and packages declare', async () => {
    const sourceOf = async (code: string, offset: number) => (await notebook.service.inspect(code, offset, 1))?.source
    assert.equal(await sourceOf('add', 1), 'function add(a: number, b: number): number {\n  return a + b\n}')
    assert.match(await sourceOf('pace', 1) ?? '', /pace = 3/)
    assert.match(await sourceOf('import { help } from "./local.ts"', 10) ?? '', /return String\(count\)/)
    assert.match(await sourceOf('Math.max', 6) ?? '', /max\(\.\.\.values: number\[\]\): number/)
  })

  test('says nothing where there is nothing', async () => {
    assert.equal(await notebook.service.inspect('', 0, 0), undefined)
    assert.equal(await notebook.service.inspect('nothingOfThatName', 3, 0), undefined)
    assert.deepEqual((await notebook.service.complete('"text|', 4))?.items, [])
  })
})
