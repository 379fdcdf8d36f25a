import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runInThisContext } from 'node:vm'
import { asExpression, freeNames } from '../../kernel/language/free-names.ts'
import { transformCell } from '../../kernel/language/transform.ts'

/** What a function says of itself, and the names it takes from elsewhere. */
const functions: readonly (readonly [source: string, names: string])[] = [
  ['() => 1', ''],
  ['x => x + y', 'y'],
  ['(a, b = start, { c, d: [e] = other }, ...f) => a + b + c + e + f', 'start other'],
  ['(a, b = () => a + outer) => b()', 'outer'],
  ['() => arguments[0]', ''],
  ['foo() { return super.foo(a) + this.#secret }', 'a'],
  ['function f(n) { return n < 2 ? n : f(n - 1) + g(n - 2) }', 'g'],
  ['async function* f() { for await (const x of xs) yield x }', 'xs'],
  ['function () { total += 1; count++; [head, ...rest] = list; ({ key: target, short } = object) }', 'total count head rest list target short object'],
  ['() => { for (item of items); for (k in o); for (const own of own2); }', 'item items k o own2'],
  ['() => typeof maybe', 'maybe'],
  ['() => a.b.c[d].e?.f?.[g]', 'a d g'],
  ['() => ({ a, b: c, [d]: e, f() { return g }, get h() { return i } })', 'a c d e g i'],
  ['() => { label: for (;;) break label }', ''],
  ['() => { try { risky() } catch (error) { log(error) } finally { done } }', 'risky log done'],
  ['() => { try {} catch { } try {} catch ({ message }) { message } }', ''],
  ['() => { later(); function later() { return helper } const x = 1, { y } = z }', 'helper z'],
  ['() => { { let inner = 1 } return inner }', 'inner'],
  ['() => { { var hoisted = 1; function block() {} } return hoisted + block }', 'block'],
  ['() => { if (a) { const b = 1 } else { b } }', 'a b'],
  ['() => { switch (a) { case b: let c = 1; default: c } return c }', 'a b c'],
  ['() => `${a} ${`${b}`} ${tag`x${c}`}`', 'a b tag c'],
  ['class A extends B { x = y; static z = w; #p = q; [computed]() { return A } static { let s = t; this.s = s } constructor(r = v) { super(r) } }', 'B y w q computed t v'],
  ['class { get a() { return b } set a(c) { d = c } }', 'b d'],
  ['() => class Inner extends Outer { clone() { return new Inner } }', 'Outer'],
  ['function () { return arguments.length + this.x + new.target }', ''],
  ['() => { const f = function named() { return named }; named }', 'named'],
  ['foo(a) { return a + b }', 'b'],
  ['async foo() { await b }', 'b'],
  ['*foo() { yield b }', 'b'],
  ['async *foo() { yield b }', 'b'],
  ['get foo() { return b }', 'b'],
  ['set foo(v) { b = v }', 'b'],
  ['static foo() { return b }', 'b'],
  ['[key + 1]() { return b }', 'key b'],
  ["'a-b'() { return b }", 'b'],
  ['1() { return b }', 'b'],
  ['get() { return b }', 'b'],
  ['async() { return b }', 'b'],
  ['static() { return b }', 'b'],
  ['async (a) => a + b', 'b'],
  ['async => async + b', 'b'],
  ['() => { console.log(undefined, NaN) }', 'console undefined NaN'],
  ["() => __paracell__.import('x')", ''],
  ['(größe) => größe + 名前', '名前'],
  ['/* why */ (a) => a // done', ''],
]

test('free names of functions', async context => {
  for (const [source, names] of functions) {
    await context.test(source, () => assert.deepEqual([...freeNames(source)].toSorted(), names.split(' ').filter(Boolean).toSorted()))
  }
})

test('free names of a worker cell', () => {
  const { code } = transformCell("import { sep } from 'node:path'\nlet own: number = rank\nshared += own + sep.length", { filename: 'w.ts', form: 'worker' })
  assert.deepEqual([...freeNames(code)].toSorted(), ['rank', 'shared'])
})

const key = 'computed'
class Sample {
  plain(): number { return 1 }
  async later(): Promise<number> { return 2 }
  *many(): Generator<number> { yield 3 }
  async *manyLater(): AsyncGenerator<number> { yield 4 }
  static fixed(): number { return 5 }
  [Symbol.iterator](): number { return 6 }
  'with space'(): number { return 7 }
  get got(): number { return 8 }
  set got(_: number) { Reflect.set(globalThis, 'wasSet', 9) }
}

const results = async (value: unknown): Promise<unknown> => {
  if (typeof value !== 'object' || value === null) return value
  if (Symbol.asyncIterator in value) return (await (value as AsyncGenerator).next()).value
  return Symbol.iterator in value ? (value as Generator).next().value : value
}

test('the expression makes an equivalent function', async () => {
  const { get, set } = Object.getOwnPropertyDescriptor(Sample.prototype, 'got') ?? {}
  const sample = Sample.prototype
  const made = { [key]() { return 10 }, async: async (x: number) => x, function() { return 11 } }
  const originals: unknown[] = [
    sample.plain, sample.later, sample.many, sample.manyLater, Sample.fixed, sample[Symbol.iterator], sample['with space'],
    get, made.async, made.function, function () { return 12 }, () => 13, async () => 14,
  ]
  for (const original of originals as ((argument: number) => unknown)[]) {
    const again = runInThisContext(asExpression(String(original))) as typeof original
    assert.equal(Object.getPrototypeOf(again), Object.getPrototypeOf(original), String(original))
    assert.deepEqual(await results(await again(1)), await results(await original(1)), String(original))
  }
  const setAgain = runInThisContext(asExpression(String(set))) as (value: number) => void
  setAgain(1)
  assert.equal(Reflect.get(globalThis, 'wasSet'), 9)
  const Again = runInThisContext(asExpression(String(Sample))) as typeof Sample
  assert.equal(new Again().plain(), 1)
})

test('functions that have no text of their own', () => {
  const bound = Sample.fixed.bind(Sample)
  for (const source of [String(Math.max), String(bound), 'foo() { return super.foo() }', '#secret() {}', 'foo() { return this.#x }', '1 + 1', '']) {
    assert.throws(() => asExpression(source), { name: 'UsageError' }, source)
  }
})
