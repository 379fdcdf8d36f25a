import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInThisContext } from 'node:vm'
import { CellSyntaxError, transformCell } from '../../kernel/language/transform.ts'
import { Notebook } from './notebook.ts'

/** Cells that run one after the other, and the value of the last one. */
const stories: readonly (readonly [what: string, cells: readonly string[], value: unknown])[] = [
  ['the last expression', ['1 + 1'], 2],
  ['a semicolon hides nothing', ['1 + 1;'], 2],
  ['a sequence', ['1, 2'], 2],
  ['no value', ['const nothing = 1'], undefined],
  ['empty', [''], undefined],
  ['only comments', ['// a\n/* b */'], undefined],
  ['only types', ['interface A { x: number }\ntype B = A\nexport type C = B\ndeclare const d: number'], undefined],
  ['a type after the value', ['3\ninterface Later {}'], 3],
  ['hashbang', ['#!/usr/bin/env node\n4'], 4],
  ['CRLF', ['const crlf = 1\r\ncrlf +\r\n1'], 2],
  ['unicode names', ['const größe = 1, 名前 = 2, \\u0061b = 3\ngröße + 名前 + ab'], 6],
  ['an object', ['{a: 1, b: 2}'], { a: 1, b: 2 }],
  ['an object after a comment', ['/* { */ // {\n{ a: [1] };'], { a: [1] }],
  ['a block', ['let inBlock = 1\n{ inBlock++; inBlock++ }', 'inBlock'], 3],
  ['a directive', ["'use strict'"], 'use strict'],
  ['export default', ['export default 1 + 2'], 3],
  ['export default goes first', ['export default 1\n2'], 1],
  ['exports', ['export const e1 = 1, e2 = 2\nexport function e3() { return 3 }\nexport { e1 as one }\nexport class E4 {}', 'e1 + e2 + e3() + new E4().constructor.name'], '6E4'],
  ['const → const → let → var', ['const a = 1', 'const a = 2', 'let a = 3', 'var a = 4', 'a'], 4],
  ['class → function → import → enum', ['class b {}', 'function b() {}', "import * as b from 'node:os'", 'enum b { X = 7 }', 'b.X'], 7],
  ['import → const', ["import { EOL } from 'node:os'", "const EOL = 'mine'", 'EOL'], 'mine'],
  ['function → class → function', ['function c() { return 1 }', 'class c {}', 'function c() { return 2 }', 'c()'], 2],
  ['functions are hoisted', ['const d = later()\nfunction later() { return 5 }\nd'], 5],
  ['functions keep their names', ['async function named() {}\nnamed.name'], 'named'],
  ['a cell may mend a function that others use', ['function low() { return 1 }\nfunction high() { return low() }', 'function low() { return 2 }', 'high()'], 2],
  ['recursion', ['function fac(n: number): number { return n < 2 ? 1 : n * fac(n - 1) }\nfac(5)'], 120],
  ['generators', ['function* gen() { yield 1 }\nasync function* agen() { yield 2 }\nconst got = [...gen()]\nfor await (const x of agen()) got.push(x)\ngot'], [1, 2]],
  ['await', ['const awaited = await Promise.resolve(6)\nawaited'], 6],
  ['var in blocks and loops', ['for (var i = 0, n = 3; i < n; i++) { var last = i }\nfor (var k of [7, 8]);\nfor (var key in { q: 1 });\n[i, n, last, k, key]'], [3, 3, 2, 8, 'q']],
  ['var patterns', ['var { v1, w: [v2 = 9], ...v3 } = { v1: 1, w: [], z: 2 }, v4\nvar v1 = v1 + 1;\n[v1, v2, v3, v4]'], [2, 9, { z: 2 }, undefined]],
  ['var before its line', ['const early = typeof afterwards\nif (true) { var afterwards = 1 }\nearly'], 'undefined'],
  ['var of a function is its own', ['var own = 1\nfunction inner() { var own = 2 }\ninner()\nown'], 1],
  ['enum', ['enum Color { Red, Green = "g" }', 'Color.Green + Color[0]'], 'gRed'],
  ['enum again starts afresh', ['enum Again { A, B }', 'enum Again { C }', 'Object.keys(Again)'], ['0', 'C']],
  ['enum merges in a cell', ['enum Both { A }\nenum Both { B = 1 }\nObject.keys(Both).length'], 4],
  ['const enum', ['const enum CE { A = 3 }\nCE.A', 'CE.A'], 3],
  ['namespace', ['namespace N { export const a = 1; export namespace M { export const b = 2 } }', 'N.a + N.M.b'], 3],
  ['variables of a namespace', ['namespace V { export let a = 1, z: number; export let { d } = { d: 5 }; export function inc() { a++; z = a * 2; d++; return V } }', 'V.inc(); V.a += 10; V.inc();\n[V.a, V.z, V.d]'], [13, 26, 7]],
  ['namespace shows nothing', ['namespace NN { export const a = 1 }'], undefined],
  ['namespace adds to a class', ['class Merged {}\nnamespace Merged { export const x = 1 }\nMerged.x'], 1],
  ['decorators', ['function mark(_: unknown, { name }: any) { (globalThis as any).marks = [...((globalThis as any).marks ?? []), name] }\n@mark class Dec { @mark m() {} }', '(globalThis as any).marks'], ['m', 'Dec']],
  ['a decorated class shows nothing', ['function keep(c: any) { return c }\n@keep class Kept {}'], undefined],
  ['parameter properties', ['class PP { constructor(private readonly x: number, public y = 2) {} sum() { return this.x + this.y } }\nnew PP(1).sum()'], 3],
  ['abstract, generics, satisfies, as, !', ['abstract class Sh<T> { abstract f(): T; declare z: number }\nclass Sq extends Sh<number> { f() { return 4 satisfies number } }\n(new Sq() as Sh<number>)!.f()'], 4],
  ['overloads', ['function over(a: string): void\nfunction over(a: number): void\nfunction over(a: any) { return a }\nover(1)'], 1],
  ['old-style assertions and generic arrows', ['const same = <T>(x: T) => x;\n<number>same(3)'], 3],
  ['this parameter', ['function self(this: number) { return this }\nself.call(3)'], 3],
  ['imports', ["import os, { EOL as eol, type CpuInfo } from 'node:os'\nimport type { Stats } from 'node:fs'\nimport * as path from 'node:path'\nimport 'node:url'\n[typeof os.cpus, eol, path.sep]"], ['function', '\n', '/']],
  ['an import of types alone', ["import { type Nothing } from 'not-there'\nimport {} from 'node:fs'\nimport 'node:fs'\n7"], 7],
  ['imports come first', ["const made = join('a', 'b')\nimport { join } from 'node:path'\nmade"], 'a/b'],
  ['an import used as a type', ["import { Stats, Nonsense } from 'node:fs'\nconst s: Nonsense | Stats | undefined = undefined\nfunction f(Nonsense: number) { return Nonsense }\nf(2)"], 2],
  ['default and namespace', ["import p, * as whole from 'node:path'\np === whole.default"], true],
  ['import with attributes', ["import pkg from '../../package.json' with { type: 'json' }\npkg.name".replace('../../', new URL('../../', import.meta.url).href)], 'paracell'],
  ['import =', ["import fs = require('node:fs')\ntypeof fs.readFileSync"], 'function'],
  ['dynamic import', ["(await import('node:path')).sep"], '/'],
  ['import.meta', ['import.meta.url'], 'file:///notebook.ipynb'],
  ['using', ['using r = { [Symbol.dispose]() {}, v: 1 }\nawait using r2 = { async [Symbol.asyncDispose]() {}, v: 2 }\nr.v + r2.v'], 3],
  ['destructuring const', ['const { x1, ...rest } = { x1: 1, y1: 2 }\nconst [z1] = [3];\n[x1, rest, z1]'], [1, { y1: 2 }, 3]],
  ['shadowed constants', ['const sh = 1\n{ let sh = 2; sh = 3 }\nfunction f2(sh: number) { sh++; return sh }\nf2(1)'], 2],
  ['a constant declared anew as let', ['const freed = 1', 'let freed = 2\nfreed++', 'freed'], 3],
  ['strict mode', ['(function () { return this })()'], undefined],
]

test('cells run as JavaScript would run a program', async context => {
  for (const [what, cells, value] of stories) {
    await context.test(what, async () => {
      using notebook = new Notebook()
      assert.deepEqual(await notebook.run(...cells), value)
    })
  }
})

/** Each ends in an assignment to a constant. */
const constantAssignments: readonly (readonly string[])[] = [
  ['const k = 1\nk = 2'],
  ['const k = 1', 'k = 2'],
  ['const k = 1', 'k++'],
  ['const k = 1', 'k += 2'],
  ['const k = 0', 'k ||= 2'],
  ['const k = 1', '[k] = [2]'],
  ['const k = 1', '({ k } = { k: 2 })'],
  ['const k = 1', '({ k = 3 } = {})'],
  ['const k = 1', '({ a: [...k] } = { a: [] })'],
  ['const k = 1', 'for (k of [1]);'],
  ['const k = 1', 'function f() { k = 2 }\nf()'],
  ["import { EOL as k } from 'node:os'", 'k = 2'],
]

test('a constant stays constant', async context => {
  for (const cells of constantAssignments) {
    await context.test(cells.join(' | '), async () => {
      using notebook = new Notebook()
      await assert.rejects(notebook.run(...cells), { name: 'TypeError', message: 'Assignment to constant variable.' })
    })
  }
  await context.test('what is not assigned does not throw', async () => {
    using notebook = new Notebook()
    assert.equal(await notebook.run('const k = 1', 'k ||= 2', 'k &&= k', 'k').catch((error: Error) => error.message), 'Assignment to constant variable.')
    assert.equal(await notebook.run('const q = 1', 'q ||= 2', 'q ?? (q ??= 3)'), 1)
  })
})

test('a missing export is named', async () => {
  using notebook = new Notebook()
  await assert.rejects(notebook.run("import { nothing } from 'node:os'\nnothing"), /has no export 'nothing'/)
})

/** Cells that are no TypeScript, and where. */
const broken: readonly (readonly [cell: string, line: number, column: number])[] = [
  ['let x = 1\nlet y = = 2', 2, 9],
  ['let s = "😀😀"; let x = = 3', 1, 25],
  ['return 1', 1, 1],
  ['let twice = 1\nlet twice = 2', 2, 5],
  ['foo(', 1, 5],
  ['const x = <div>\n  <span>\n</div>', 3, 3],
  ['{a: 1, b: }', 1, 11],
  ['\tbad bad', 1, 5],
]

test('a syntax error names the place in the cell', () => {
  for (const [cell, line, column] of broken) {
    assert.throws(() => transformCell(cell, { filename: 'cell.ts', form: 'session' }), (error: unknown) => {
      assert.ok(error instanceof CellSyntaxError)
      assert.equal(error.name, 'SyntaxError')
      assert.deepEqual([error.line, error.column], [line, column], error.message)
      assert.match(error.message, new RegExp(`\\(${line}:${column}\\)\n\n[^]*> ${line} \\| `))
      return true
    })
  }
})

/** Cells that throw, and the places that their stack shows. */
const throwing: readonly (readonly [cell: string, ...places: readonly string[]])[] = [
  ['type A = number\n\nthrow new Error("x")', '3:7'],
  ['interface A {\n  x: number\n}\nfunction f(a: A) {\n  return g(a.x)\n}\nconst o: A = { x: 1 }\n\n  f(o)', '5:3', '9:3'],
  ['const emoji: string = "😀😀"; (null as any).foo()', '1:45'],
  ['await null\nconst x: any = 1\nx.foo.bar()', '3:7'],
  ['class A {\r\n  private x?: number\r\n  m(): void { missing() }\r\n}\r\nnew A().m()', '3:15', '5:9'],
  ['enum E { A }\nvar v: number = E.A\nvar u = nope(v)', '3:5'],
  ['{ a: nope() }', '1:6'],
]

test('errors point into the cell', async context => {
  for (const [cell, ...places] of throwing) {
    await context.test(cell, async () => {
      using notebook = new Notebook()
      const error = await notebook.run(cell).catch((thrown: Error) => thrown) as Error
      assert.deepEqual(error.stack?.match(/(?<=cell-1\.ts:)[\d?:]+/g), places, error.stack)
    })
  }
})

test('a worker cell is a function of its own', async () => {
  const cell = transformCell("import { sep } from 'node:path'\nconst x: number = 1\nexport default x + rank\nvar y = sep", { filename: 'w.ts', form: 'worker' })
  assert.match(cell.code, /\n\/\/# sourceURL=w\.ts$/)
  Object.assign(globalThis, { __paracell__: { import: () => ({ sep: '/' }) }, rank: 4 })
  assert.equal(await runInThisContext(`(${cell.code}\n)`)(), 5)
})

test('a very long cell', () => {
  const source = Array.from({ length: 20_000 }, (_, index) => `const x${index}: number = ${index}`).join('\n')
  const cell = transformCell(`${source}\nx19999`, { filename: 'long.ts', form: 'session' })
  assert.equal(cell.declared.size, 20_000)
  assert.deepEqual(cell.original(20_001, 22), { line: 20_001, column: 1 })
  assert.deepEqual(cell.original(20_001, 1), { line: 20_001, column: 1 }, 'what was added is where the code after it is')
})
