import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { writtenDeclaration } from '../../kernel/language/written.ts'

const declarations: readonly (readonly [cell: string, name: string, signature: string | undefined, isWhole: boolean])[] = [
  ['function f(a: number): string { return "" }', 'f', 'function f(a: number): string', true],
  ['export async function f<T>(a: T, b = 5, ...rest: T[]): Promise<T> { return a }', 'f', 'function f<T>(a: T, b?: number, ...rest: T[]): Promise<T>', true],
  ['function f({ a }: {\n  a: number\n} = { a: 1 }): void {}', 'f', 'function f({ a }?: { a: number }): void', true],
  ['function f(a: number) { return a }', 'f', 'function f(a: number)', false],
  ['function f(a): void {}', 'f', 'function f(a): void', false],
  ['function f(a = g()): void {}', 'f', 'function f(a = g()): void', false],
  ['function f(a: 1): 1\nfunction f(a: 2): 2\nfunction f(a: any): any {}', 'f', 'function f(a: 1): 1', false],
  ['const f = (a: number): string => ""', 'f', 'const f: (a: number) => string', true],
  ['const f = async function (a: string): Promise<void> {}', 'f', 'const f: (a: string) => Promise<void>', true],
  ['const a: Map<string, number> = new Map(), b = 1', 'a', 'const a: Map<string, number>', true],
  ['const a: Map<string, number> = new Map(), b = 1', 'b', 'const b: 1', true],
  ["const a = 'text'", 'a', 'const a: "text"', true],
  ['let a = 1, b = 1n, c = /x/, d = true', 'b', 'let b: bigint', true],
  ['let a = 1, b = 1n, c = /x/, d = true', 'c', 'let c: RegExp', true],
  ['let a = null', 'a', undefined, false],
  ['const a = compute()', 'a', undefined, false],
  ['abstract class A<T extends object> extends B<T> { a = 1 }', 'A', 'abstract class A<T extends object>', true],
  ['interface A<T = string> extends B { a: T }', 'A', 'interface A<T = string>', true],
  ['type A =\n  | "a"\n  | "b"', 'A', 'type A = | "a" | "b"', true],
  ['const enum A { One }', 'A', 'const enum A', true],
  ['const element = <b>é</b>; const size: number = 1', 'size', 'const size: number', true]
]
for (const [cell, name, signature, isWhole] of declarations) {
  test(`${name} of ${cell}`, () => {
    const written = writtenDeclaration(cell, name)
    assert.deepEqual([written?.signature, written?.isWhole], [signature, isWhole])
  })
}

test('what a cell does not declare by itself it can not explain', () => {
  for (const cell of ['import { a } from "a"', 'const { a } = b', 'a()', 'function b() { const a = 1 }', 'const a = = 1', 'namespace b { export const a = 1 }']) {
    assert.equal(writtenDeclaration(cell, 'a'), undefined, cell)
  }
})

test('the source is the declaration alone', () => {
  const cell = 'const before = 1, a: number = 2\n/** Doc. */\nexport function f(): void {\n  a\n}\nf()'
  assert.equal(writtenDeclaration(cell, 'a')?.source, 'const a: number = 2')
  assert.equal(writtenDeclaration(cell, 'f')?.source, 'function f(): void {\n  a\n}')
})

test('a call has its parameters, without `this`', () => {
  const written = writtenDeclaration('function f(this: Date, a: string, ...rest: number[]): void {}', 'f')
  assert.deepEqual(written?.call, { label: 'f(a: string, ...rest: number[]): void', parameters: ['a: string', '...rest: number[]'] })
})

describe('documentation', () => {
  const docOf = (cell: string) => writtenDeclaration(cell, 'f')?.doc

  test('is the comment right before', () => {
    assert.equal(docOf('/** Old. */\nlet a = 1\n/**\n * Adds\n * both, see {@link add|this}.\n */\nexport const f = 1')?.summary, 'Adds\nboth, see this.')
    assert.equal(docOf('/** Other. */\nlet a\nconst f = 1')?.summary, '')
    assert.equal(docOf('/* Not for readers. */\nconst f = 1')?.summary, '')
  })

  test('has tags, as TypeScript shows them', () => {
    const doc = docOf('/** Adds.\n * @param {number} a the first\n * @param [b=1] - the second,\n *   which may miss\n * @example\n * f(1)\n * @deprecated\n */\nfunction f(a, b) {}')
    assert.deepEqual(doc && [...doc.parameters], [['a', 'the first'], ['b', 'the second,\n  which may miss']])
    assert.equal(doc?.tags, ['*@param* `a` — the first', '*@param* `b` — the second,\n  which may miss', '*@example*\n```ts\nf(1)\n```', '*@deprecated*'].join('\n\n'))
  })
})
