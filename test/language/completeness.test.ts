import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { completeness } from '../../kernel/language/completeness.ts'

const complete = [
  '', '// only a comment', '1', 'foo()', 'if (x) {}', 'class A {}', 'let a = `x\ny`', '/* a */', 'function f() {\n}',
  'const f = <T>(x: T) => x', 'const e = <b>bold</b>', 'const y = <any>f', '{a: 1, b: 2}', '{ a }', 'await x', 'for await (const x of y) {}',
  'import a from "b"', 'type A = {\n  x: number\n}', '@dec class A {}', 'a\n\n\n', 'let s = "\'"', 'x = /[/"]/', 'let a: number', 'enum E { A }', 'using x = y',
]

/** What isn't finished, and the indentation of the next line. */
const incomplete: readonly (readonly [source: string, indent: string])[] = [
  ['foo(', '  '], ['foo(1,', '  '], ['if (x) {', '  '], ['  if (x) {', '    '], ['if (x) {\n  y', '  '], ['if (x) {\n  y(', '    '],
  ['if (x)', '  '], ['else_ = (', '  '], ['class A {', '  '], ['class A {\n  m() {\n    x\n  }', '  '], ['@dec', ''], ['@dec()', ''],
  ['let x =', '  '], ['const x', ''], ['a +', ''], ['a ?', ''], ['a.', ''], ['a &&', ''], ['x =>', '  '], ['const f = ({ a }: T, ...b): boolean => // why', '  '], ['f(1, (_, i) =>', '  '], ['function f(', '  '],
  ['let t = `abc', ''], ['let t = `abc ${', ''], ['let t = `abc ${x}', ''], ['/* abc', ''], ['/* abc\n *', ' '], ['"abc\\', ''],
  ['[1, 2', '  '], ['{a: 1', '  '], ['{a: 1, b: 2', '  '], ['{a: 1, b: [', '  '], ['<div>', ''], ['x = <div>\n  <span>a</span>', '  '], ['do {\n}', ''], ['try {\n}', ''],
  ['switch (x) {\n  case 1:', '  '], ['import {', '  '], ['import a from', ''], ['type X =', '  '], ['interface A', ''], ['enum E {', '  '],
  ['while (true)', '  '], ['label:', ''], ['new', ''], ['throw', ''], ['x as', ''], ['foo( // (', '  '], ['const s = "{"; if (s) {', '  '], ['foo("(")\nbar(', '  '],
  ['if (x) {}\nelse', '  '], ['async function f() {', '  '], ['export', ''], ['x satisfies', ''], ['a?.', ''], ['a?.b?.', ''], ['let', ''], ['interface', ''], ['using f', ''], ['declare global', ''], ['declare module', ''],
  ['@dec export', ''], ['function f(): Promise<X>', ''], ['export default function ()', ''], ['class A {\n  async *m()', '  '], ['const o = {\n  get e()', '  '],
  ['class A {\n  constructor() {\n    super', '    '], ['class A {\n  [key: string]', '  '], ['new Map<string, Array<', ''], ['import x from "y" with', ''],
  ['const isBegun = ({ type, content }: Received', '  '], ['const isBegun = ({ type }: Received):', ''], ['new Worker<{ readonly n:', '  '], ['f(import.', '  '], ['const m = new Map<A, Map<B', ''], ['const m = new Map<A, number[', '  '],
  ['const c = (Class: () => new', '  '], ['const all: readonly (readonly [A, B])', ''], ['x.map((label, [a, b]: readonly [number, number?', '  '], ['type S<A> = { -', '  '], ['const kind = <T extends object, S', ''],
  ['const f = (a: string,', '  '], ['const f = (a: string): Promise', ''], ['f<A | B[] |', ''], ['let x: readonly string', ''], ['a?.b(', '  '], ['switch (x) {\n  case 1:\n    f()', '    '], ['for (const x of', '  '], ['catch_ = `${`${a', ''], ['while (x) {\n  if (y) {\n    z()\n  }', '  '], ['let a: Map<string,', ''],
]

const invalid = [
  'let x: = 3', 'function f(a b) {}', 'type A = = 3', 'f(a: number)', 'const x = [1, 2}', 'if x {', 'const f = (a: number => a', 'class A { x y }', 'const a: number b', 'new Map<string number>', 'SELECT * FROM t', 'def f(x):',
  ')', 'a b', 'let 1x', 'return 1', 'let x = = 3', '"abc', "'abc\n", 'let a; let a', 'break', 'if (x) }', 'else', 'foo(]', '/abc', 'class { }}', '{a: 1, b: }', 'foo(\n]\n', 'return', 'super.x', '-1 ** 2', 'continue', 'const a = 1; const a', '[1 2', 'f([a b', 'x = y z',
]

test('complete', () => {
  for (const source of complete) assert.deepEqual(completeness(source), { status: 'complete' }, source)
})

test('incomplete', () => {
  for (const [source, indent] of incomplete) assert.deepEqual(completeness(source), { status: 'incomplete', indent }, source)
})

test('invalid', () => {
  for (const source of invalid) assert.deepEqual(completeness(source), { status: 'invalid' }, source)
})

test('what begins a program is never invalid: it is finished by the rest', () => {
  const folder = join(import.meta.dirname, '..', '..', 'kernel')
  const files = globSync('{dispatch,wire,display,magics}/*.ts', { cwd: folder }).filter((_, index) => index % 4 === 0)
  for (const file of files) {
    const program = readFileSync(join(folder, file), 'utf8')
    for (const { index } of program.matchAll(/\n/g)) assert.notEqual(completeness(program.slice(0, index)).status, 'invalid', `${file}: ${program.slice(0, index).slice(-80)}`)
  }
})
