import assert from 'node:assert/strict'
import { test } from 'node:test'
import { completionContext, isMemberFromElsewhere, memberMatches } from '../../kernel/language/completion.ts'
import { inspectionTarget, isFromOutside, isOnlyMention } from '../../kernel/language/inspection.ts'

/** Code with `|` where the cursor is; the object and the prefix, or the prefix of a name alone, or nothing. */
const completions: readonly (readonly [code: string, ...expected: readonly string[]])[] = [
  ['|', ''], ['con|', 'con'], ['foo(ba|', 'ba'], ['x = |', ''], ['con|sole', 'con'], ['}) ]; fo|', 'fo'], ['𠮷𠮷.a|', '𠮷𠮷', 'a'],
  ['a.|', 'a', ''], ['a.b|', 'a', 'b'], ['a.b.c|', 'a.b', 'c'], ['a?.b|', 'a', 'b'], ['a!.b|', 'a', 'b'], ['a\n  .b|', 'a', 'b'], ['a[0].b|', 'a[0]', 'b'],
  ['a["x y"].b|', 'a["x y"]', 'b'], ['a[i].b|', 'a[i]', 'b'], ['a[0][1].b|', 'a[0][1]', 'b'], ['"text".le|', '"text"', 'le'], ['`text`.le|', '`text`', 'le'],
  ['[1, 2].le|', '[1,2]', 'le'], ['/re/.te|', '/re/', 'te'], ['this.x|', 'this', 'x'], ['{ a() }; this.x|', 'this', 'x'], ['class A { m() { thisOne.x|', 'thisOne', 'x'], ['return a.b|', 'a', 'b'], ['await a.b|', 'a', 'b'], ['new a.B|', 'a', 'B'], ['x = /* . */ a.b|', 'a', 'b'],
  ['foo(a, b.c|', 'b', 'c'], ['if (x) { a.b|', 'a', 'b'], ['let x = ; @ ) a.b|', 'a', 'b'], ['`${a.b|', 'a', 'b'], ['`x ${ {a: 1}.y } ${a.b|} z`', 'a', 'b'], ['`${`${a.b|', 'a', 'b'],
  ['"it\\"s" + a.b|', 'a', 'b'], ["'open\na.b|", 'a', 'b'], ['x / 2; a.b| / 3', 'a', 'b'], ['a.#p|', 'a', '#p'],
  ['// a.b|'], ['/* a.b|'], ['"a.b|'], ["'a.b|"], ['`a.b|'], ['`${a} b.c|'], ['a().b|'], ['(a).b|'], ['a[f()].b|'], ['const x|'], ['function f|'], ['1.|'], ['12|'], ['}.a|'], ['class A { m() { this.|'], ['const a = { m() { return this.b.c|'],
]

test('what could be completed', () => {
  for (const [marked, ...expected] of completions) {
    const offset = marked.indexOf('|')
    const context = completionContext(marked.replace('|', ''), offset)
    const prefix = expected.at(-1) ?? ''
    const place = { prefix, start: offset - prefix.length, end: offset }
    const [object] = expected
    const wanted = expected.length === 0 ? { kind: 'none' }
      : expected.length === 1 ? { kind: 'name', ...place } : { kind: 'member', object, ...place }
    assert.deepEqual(context, wanted, marked)
  }
})

test('whether the object is one that the code says nothing else about', () => {
  for (const code of ['process.', 'rows[0].', 'rows[i].name.le', 'const text = ""; rows.', 'f(rows.']) assert.ok(isMemberFromElsewhere(code, code.length), code)
  for (const code of ['row', 'this.', 'rows = 1; rows.', 'for (const i of []) rows[i].', 'class A { rows = 1 }; rows.', 'f().']) assert.ok(!isMemberFromElsewhere(code, code.length), code)
})

/** Code with the cursor; the expression to explain. */
const inspections: readonly (readonly [code: string, expression?: string])[] = [
  ['con|sole.log', 'console'], ['console.l|og', 'console.log'], ['console.log|', 'console.log'], ['console.log(|', 'console.log'], ['console.log(a, |)', 'console.log'],
  ['f(g(1), |', 'f'], ['f(g(|', 'g'], ['f("a, |', 'f'], ['f(a|', 'a'], ['a[0].b|c', 'a[0].bc'], ['`${x.y|z}`', 'x.yz'], ['|foo', 'foo'], ['a + |b', 'b'],
  ['// a|b'], ['1 + |2'], ['a().b|'], ['|'], ['f() |'],
]

test('what could be explained', () => {
  for (const [marked, expression] of inspections) {
    const target = inspectionTarget(marked.replace('|', ''), marked.indexOf('|'))
    assert.equal(target?.expression, expression, marked)
  }
})

test('members of a value', () => {
  class Base { inherited(): void {} }
  class Own extends Base {
    zeta = 1
    alpha = Base
    get trap(): never { throw new Error('a getter ran') }
  }
  const names = memberMatches(new Own(), '').map(({ name }) => name)
  assert.deepEqual(names.slice(0, 5), ['alpha', 'zeta', 'constructor', 'trap', 'inherited'])
  assert.ok(names.indexOf('hasOwnProperty') > names.indexOf('inherited'))
  assert.deepEqual(memberMatches(new Own(), 'a'), [{ name: 'alpha', type: 'class' }])
  assert.deepEqual(memberMatches('text', 'trimS'), [{ name: 'trimStart', type: 'function' }])
  assert.deepEqual(memberMatches({ 'no name': 1, yes: 2, 0: 3 }, '').slice(0, 1), [{ name: 'yes', type: 'property' }])
  assert.ok(!memberMatches({}, '').some(({ name }) => name.startsWith('__')))
  assert.deepEqual(memberMatches({}, '__pro'), [{ name: '__proto__', type: 'property' }])
  assert.deepEqual(memberMatches(null, ''), [])
  assert.deepEqual(memberMatches(new Proxy({}, { ownKeys() { throw new Error('a trap ran') } }), ''), [])
  assert.equal(memberMatches(new Float64Array(1e6), 'len')[0]?.name, 'length')
})

test('whether a name means outside what it does in the code', () => {
  for (const code of ['Math.max(1, Math.PI)', 'a.Math = 1; Math.max', 'f(Math.max)', 'Math']) assert.ok(isFromOutside(code, 'Math'), code)
  for (const code of ['const Math = 1; Math.max', '(Math) => Math.max', 'Math => Math.max', '(a, Math: A) => Math.max', 'function f({ Math }) { Math.max }']) assert.ok(!isFromOutside(code, 'Math'), code)
})

test('whether a name means what it did before the code', () => {
  const isMention = (marked: string): boolean => {
    const code = marked.replace('|', '')
    const target = inspectionTarget(code, marked.indexOf('|'))
    assert.ok(target, marked)
    return isOnlyMention(code, target)
  }
  for (const marked of ['fi|nd("a")', 'const a = find(|', 'find|', 'let a: Ro|w', 'a ? b : fi|nd']) assert.ok(isMention(marked), marked)
  for (const marked of ['const fi|nd = 1', 'const { fi|nd } = a', 'find => fi|nd', 'fi|nd => 1', '({ fi|nd: 1 })', 'new Sha|pe()', 'find(fi|nd)']) assert.ok(!isMention(marked), marked)
})
