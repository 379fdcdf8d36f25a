import assert from 'node:assert/strict'
import { mkdir, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { errorOf, ran, startKernel, valueOf } from './running-kernel.ts'

const ADD = Buffer.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11])

const files: Readonly<Record<string, string | Buffer>> = {
  'data.json': '{ "a": { "b": 1 } }',
  'plain.ts': 'export const twice = (n: number): number => n * 2\nexport const state = { count: 0 }',
  'full.ts': 'import data from "./data.json"\nimport { state } from "./plain"\nexport enum E { A = 5 }\nexport class P { constructor(readonly x: number) {} }\nexport const b: number = data.a.b\nexport { state }',
  'account.ts': 'export class Account {\n  #sum: number\n  constructor(sum: number) { this.#sum = sum }\n  get sum(): number { return this.#sum }\n}',
  'compiled.ts': 'export { twice } from "./plain.js"',
  'element.tsx': '/** @jsxRuntime classic\n @jsx h */\nconst h = (...all: unknown[]) => all.slice(0, 3)\nexport const element = <b>hi</b>',
  'add.wasm': ADD,
  'old.cjs': 'module.exports = { k: 1 }',
  'folder/index.ts': 'export default "indexed"',
  'tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./types/*.d.ts", "./aliased/*"], "settings": ["./data.json"] } } }',
  'types/deep/name.d.ts': 'export declare const name: string',
  'aliased/deep/name.ts': 'export { other } from "@/other"\nexport const name: string = "by its alias"',
  'aliased/other.ts': 'export const other = 7',
  'wrong.ts': 'export const x: = 1',
  'throws.ts': 'interface A {\n  x: number\n}\nexport function fail(a: A): never {\n  throw new Error(String(a.x))\n}'
}

const imports: readonly (readonly [story: string, cell: string, value: string])[] = [
  ['JSON', 'import data from "./data.json"\ndata.a.b', '1'],
  ['JSON with its type', 'import typed from "./data.json" with { type: "json" }\ntyped.a.b', '1'],
  ['JSON, dynamically', '(await import("./data.json")).default.a', '{ b: 1 }'],
  ['TypeScript', 'import { twice } from "./plain.ts"\ntwice(2)', '4'],
  ['TypeScript without its ending', 'import { twice as two } from "./plain"\ntwo(3)', '6'],
  ['TypeScript by the name of its JavaScript', 'import { twice as three } from "./compiled.js"\nthree(4)', '8'],
  ['TypeScript that has more than types to remove', 'import { E, P, b } from "./full.ts"\n[E.A, new P(3).x, b]', '[ 5, 3, 1 ]'],
  ['what two import is the same', 'import { state } from "./full.ts"\nimport { state as same } from "./plain.ts"\nstate === same', 'true'],
  ['TSX', 'import { element } from "./element.tsx"\nelement', "[ 'b', null, 'hi' ]"],
  ['WebAssembly', 'import { add } from "./add.wasm"\nadd(1, 2)', '3'],
  ['CommonJS', 'import old from "./old.cjs"\nold.k', '1'],
  ['a folder', 'import indexed from "./folder"\nindexed', "'indexed'"],
  ['what a tsconfig.json has another name for', 'import { name, other } from "@/deep/name"\nimport settings from "settings"\n[name, other, settings.a.b]', "[ 'by its alias', 7, 1 ]"],
  ['by such a name in a process', '%%process\nimport { name } from "@/deep/name"\nname', "'by its alias'"],
  ['nothing, but asks where it would be', '["./plain", "@/other", "node:fs"].map(name => import.meta.resolve(name).replace(import.meta.url.replace(/[^/]*$/, ""), ""))', "[ 'plain.ts', 'aliased/other.ts', 'node:fs' ]"],
  ['from the notebook\'s folder after %cd, in workers as well', `%cd folder
import { Process, Thread } from "paracell"
import { twice as double } from "./plain"
const said = []
for (const Kind of [Process, Thread]) {
  const worker = new Kind({ target: async () => [double(4), (await import("./plain")).twice(5), process.cwd().endsWith("folder")] })
  worker.start()
  said.push(await worker.result())
}
said.flat()`, '[ 8, 10, true, 8, 10, true ]'],
  ['a class with private fields, there and back', `import { Account } from "./account"
import { Process } from "paracell"
const child = new Process({ target: (given: Account) => [given.sum, given], args: [new Account(5)] })
child.start()
const [sum, account] = await child.result() as [number, Account]
;[sum, account instanceof Account, account.sum]`, '[ 5, true, 5 ]'],
  ['in a process', '%%process\nimport { E } from "./full.ts"\nimport data from "./data.json"\n[E.A, data.a.b]', '[ 5, 1 ]']
]

describe('files beside the notebook', async () => {
  const place = await temporaryFolder()
  const folder = place.path
  after(() => place[Symbol.asyncDispose]())
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  for (const [story, cell, value] of imports) {
    test(`a cell imports ${story}`, async () => {
      await using kernel = await startKernel({ cwd: folder })
      assert.equal(valueOf(await ran(kernel.client, cell)), value)
    })
  }

  test('what is no TypeScript is told with its file, and a stack has the lines of a file', async () => {
    await using kernel = await startKernel({ cwd: folder })
    assert.match(errorOf(await kernel.client.execute('import "./wrong.ts"'))?.traceback ?? '', /^SyntaxError: .*wrong\.ts/)
    assert.match(errorOf(await kernel.client.execute('import { fail } from "./throws"\nfail({ x: 1 })'))?.traceback ?? '', /at fail \(.*throws\.ts.*:5:9\)\n.*cell-2\.ts:2:1/)
    assert.match(errorOf(await kernel.client.execute('import "./nothing"'))?.traceback ?? '', /There is no file "\.\/nothing"[^{]*$/)
  })

  test('a file that has changed is imported anew, without its ending, too', async () => {
    await using kernel = await startKernel({ cwd: folder })
    const cell = 'import { now } from "./changing"\nnow'
    for (const [second, now] of [[2, 'first'], [3, 'second'], [1, 'third']] as const) {
      await writeFile(join(folder, 'changing.ts'), `export const now: string = "${now}"`)
      await utimes(join(folder, 'changing.ts'), second, second)
      assert.equal(valueOf(await ran(kernel.client, cell)), `'${now}'`)
    }
  })

  const changes: readonly (readonly [story: string, files: Readonly<Record<string, string>>, changed: readonly [file: string, text: string], cell: string, before: string, after: string])[] = [
    ['a file that it imports', { 'top.ts': 'export * from "./middle"', 'middle.ts': 'export { value } from "./bottom.js"', 'bottom.ts': 'export const value = 1' },
      ['bottom.ts', 'export const value = 2'], 'import { value } from "./top"\nvalue', '1', '2'],
    ['one of two that import each other', { 'one.ts': 'import { b } from "./two"\nexport const a = 1, sum = () => a + b()', 'two.ts': 'import { a } from "./one"\nexport const b = () => a * 10' },
      ['one.ts', 'import { b } from "./two"\nexport const a = 2, sum = () => a + b()'], 'import { sum } from "./one"\nsum()', '11', '22'],
    ['what was not there', { 'wants.ts': 'import { late } from "./late"\nexport { late }' },
      ['late.ts', 'export const late = 5'], 'const found = await import("./wants").then(({ late }) => late, ({ code }) => code)\nfound', "'ERR_MODULE_NOT_FOUND'", '5'],
    ['its classes, which are the same in workers', { 'made.ts': 'export const made = undefined' }, ['made.ts', 'export class Made {}\nexport const made = new Made()'],
      `import * as own from "./made"
import { Process } from "paracell"
const child = new Process({ target: (given: unknown) => given && given instanceof own.Made, args: [own.made && new own.Made()] })
child.start()
String(await child.result())`, "'undefined'", "'true'"],
    ['another file: what has not changed stays', { 'state.ts': 'export const state = { count: 0 }', 'uses.ts': 'export { state } from "./state"\nexport const n = 1' },
      ['uses.ts', 'export { state } from "./state"\nexport const n = 10'], 'import { state, n } from "./uses"\nstate.count += n', '1', '11']
  ]
  for (const [story, before, [file, text], cell, first, second] of changes) {
    test(`a file is imported anew when this has changed: ${story}`, async () => {
      await using kernel = await startKernel({ cwd: folder })
      for (const [name, content] of Object.entries(before)) await writeFile(join(folder, name), content)
      assert.equal(valueOf(await ran(kernel.client, cell)), first)
      await writeFile(join(folder, file), text)
      await utimes(join(folder, file), 1, 1)
      assert.equal(valueOf(await ran(kernel.client, cell)), second)
      assert.equal(valueOf(await ran(kernel.client, cell.replace('count += n', 'count'))), second, 'and only then')
    })
  }
})
