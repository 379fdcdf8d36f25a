import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellFacts, roughFacts } from '../../kernel/language/cell-facts.ts'

/** Cells, the names that they declare (variables with a star), and what they export themselves. */
const cells: readonly (readonly [source: string, names: string, exported?: string])[] = [
  ['interface A {}\nlet b = 1; const c = 2; var d', 'A b* c d*'],
  ['import a, { b as c, type D } from "x"; import * as e from "y"', 'a c D e'],
  ['import type { T } from "x"; import fs = require("fs")', 'T fs'],
  ['export const q = 1; export default function foo() {}', 'q foo', 'q default'],
  ['const a = 1; export { a as b }', 'a', 'b'],
  ['for (var i = 0;;) { let no = 1 }; if (1) { var z = 1 }', 'i* z*'],
  ['namespace N { export var inner = 1 }\nenum E { A }\nfunction f(a) { var local }', 'N E f'],
  ['const { a: { b }, ...c } = x; type T = 1; abstract class C {}; declare function g(): void; using u = x', 'b c T C g u'],
  ['const e = <b>x</b>', 'e'],
  ['1 + 1', ''],
]

test('what a cell declares', () => {
  for (const [source, names, exported = ''] of cells) {
    const facts = cellFacts(source)
    assert.equal([...facts?.names ?? []].map(([name, kind]) => (kind === 'variable' ? `${name}*` : name)).join(' '), names, source)
    assert.equal([...facts?.exported ?? []].join(' '), exported, source)
  }
})

test('what adds to globals or modules is known as such, and what is no TypeScript is nothing', () => {
  assert.equal(cellFacts('declare global { interface X {} }')?.isAmbient, true)
  assert.equal(cellFacts('declare module "x" {}')?.isAmbient, true)
  assert.equal(cellFacts('declare namespace N {}')?.isAmbient, false)
  assert.equal(cellFacts('let x ='), undefined)
})

test('names that unfinished code declares', () => {
  const names = (source: string): string => [...roughFacts(source).names.keys()].join(' ')
  assert.equal(names('const { a, b } = x; import { c, d } from "x"; let f; function g(h) { foo.'), 'a b c d f g')
  assert.equal(names('const x = y.'), 'x')
  assert.equal(names('import fs from "'), 'fs')
})
