import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { runThread, type Variables } from './support.ts'

class Counter {
  #hidden = 1
  count = 0
  label = 'counter'
  static made = 3

  get double(): number {
    return this.count * 2
  }

  add(amount: number): number {
    this.count += amount
    return this.count + this.#hidden - 1
  }

  self(): this {
    return this
  }
}

class Special extends Counter {
  constructor() {
    super()
    Object.defineProperty(this, 'add', { value: () => 'special', configurable: true })
  }
}

interface Case {
  readonly name: string
  readonly owner: () => Variables
  readonly thread: string
  readonly result: unknown
  /** The owner's variables afterwards, where they matter. */
  readonly after?: Variables
}

const cycle = (): Variables => {
  const node: Record<string, unknown> = { name: 'loop' }
  node['self'] = node
  return { node }
}

function detached(): ArrayBuffer {
  const buffer = new ArrayBuffer(8)
  structuredClone(buffer, { transfer: [buffer] })
  return buffer
}

const cases: readonly Case[] = [
  { name: 'primitives are exact', owner: () => ({ a: [undefined, null, NaN, -0, 2n ** 80n, -5n, 'é𝒳\ud800', '', true] }),
    thread: 'const [u, n, nan, zero, big, small, text, empty, yes] = a; return [u, n, nan, zero, big, small, text, empty, yes]',
    result: [undefined, null, NaN, -0, 2n ** 80n, -5n, 'é𝒳\ud800', '', true] },
  { name: 'reads and writes a variable', owner: () => ({ counter: 41 }),
    thread: 'counter++; return counter', result: 42, after: { counter: 42 } },
  { name: 'writes primitives exactly', owner: () => ({ out: [] }),
    thread: 'out.push(undefined, NaN, -0, 10n, "\\ud800", false)', result: undefined,
    after: { out: [undefined, NaN, -0, 10n, '\ud800', false] } },
  { name: 'long strings and many values', owner: () => ({ text: 'ä€'.repeat(100_000), list: [] }),
    thread: 'text += "!"; list = Array.from({ length: 20_000 }, (_, i) => i); return [text.length, list.length]',
    result: [200_001, 20_000], after: { text: 'ä€'.repeat(100_000) + '!', list: Array.from({ length: 20_000 }, (_, i) => i) } },
  { name: 'array methods', owner: () => ({ a: [1, 2] }),
    thread: 'a.push(3); a[4] = 5; a.length = 6; a.unshift(0); return [a.length, a.indexOf(3), a.includes(9), a.at(1), 3 in a, 4 in a]',
    result: [7, 3, false, 1, true, false], after: { a: [0, 1, 2, 3, , 5, ,] } },
  { name: 'an array is an array', owner: () => ({ a: [1, [2]] }),
    thread: 'return [Array.isArray(a), a instanceof Array, a.constructor === Array, a.length, [...a[1]], Array.from(a).length, [0].concat(a).length]',
    result: [true, true, true, 2, [2], 2, 3] },
  { name: 'array iteration and destructuring', owner: () => ({ a: [1, 2, 3] }),
    thread: 'let sum = 0; for (const x of a) sum += x; const [first, ...rest] = a; return [sum, first, rest, [...a.entries()], Math.max(...a)]',
    result: [6, 1, [2, 3], [[0, 1], [1, 2], [2, 3]], 3] },
  { name: 'array methods with a function of the thread', owner: () => ({ a: [3, 1, 2] }),
    thread: 'const seen = []; a.forEach((x, i) => seen.push([x, i])); const sorted = a.sort((x, y) => x - y); return [seen, a.map(x => x * 2), a.filter(x => x > 1), a.find(x => x > 2), a.reduce((x, y) => x + y, 10), a.some(x => x > 5), sorted === a]',
    result: [[[3, 0], [1, 1], [2, 2]], [2, 4, 6], [2, 3], 3, 16, false, true], after: { a: [1, 2, 3] } },
  { name: 'plain objects', owner: () => ({ o: { a: 1, b: { c: 2 }, gone: 1 } }),
    thread: 'o.b.c++; o.x = [1]; delete o.gone; return [o.a, o.b.c, "a" in o, "z" in o, o.z, Object.keys(o), o.hasOwnProperty("a"), Object.hasOwn(o, "q")]',
    result: [1, 3, true, false, undefined, ['a', 'b', 'x'], true, false], after: { o: { a: 1, b: { c: 3 }, x: [1] } } },
  { name: 'enumeration, JSON and spread', owner: () => ({ o: { a: 1, b: { c: [2, null] }, when: new Date(0), none: undefined } }),
    thread: 'const keys = []; for (const key in o) keys.push(key); const { b, ...rest } = o; return [keys, Object.values(o.b).length, Object.entries({ ...o })[0], JSON.stringify(o), Object.keys(rest), JSON.stringify(Object.getOwnPropertyDescriptor(o, "a"))]',
    result: [['a', 'b', 'when', 'none'], 1, ['a', 1], '{"a":1,"b":{"c":[2,null]},"when":"1970-01-01T00:00:00.000Z"}', ['a', 'when', 'none'],
      '{"value":1,"writable":true,"enumerable":true,"configurable":true}'] },
  { name: 'maps', owner: () => ({ m: new Map<unknown, unknown>([['a', 1]]) }),
    thread: 'm.set("b", { n: 2 }).set("c", 3); m.delete("a"); const keys = []; m.forEach((v, k) => keys.push(k)); for (const [k] of m) keys.push(k); return [m.size, m.get("b").n, m.has("a"), keys, m instanceof Map, [...m.values()].length]',
    result: [2, 2, false, ['b', 'c', 'b', 'c'], true, 2], after: { m: new Map<unknown, unknown>([['b', { n: 2 }], ['c', 3]]) } },
  { name: 'sets', owner: () => ({ s: new Set([1]) }),
    thread: 's.add(2); return [s.has(2), s.size, [...s], s instanceof Set]', result: [true, 2, [1, 2], true], after: { s: new Set([1, 2]) } },
  { name: 'dates and regular expressions', owner: () => ({ d: new Date(86_400_000), r: /a(.)/g }),
    thread: 'return [d.getTime(), d - 0, d > 5, `${d.toISOString()}`, "xab".replace(r, "[$1]"), r.test("ab"), d instanceof Date]',
    result: [86_400_000, 86_400_000, true, '1970-01-02T00:00:00.000Z', 'x[b]', true, true] },
  { name: 'instances of the notebook\'s classes', owner: () => ({ c: new Counter(), Counter }),
    thread: 'c.add(2); c.add(3); const other = new Counter(); other.add(1); return [c.count, c.double, c.add(0), other.count, c instanceof Counter, other instanceof Counter, {} instanceof Counter, Counter.made, c.self() === c, c.constructor === Counter, typeof Counter]',
    result: [5, 10, 5, 1, true, true, false, 3, true, true, 'function'] },
  { name: 'an own property hides a method that others have', owner: () => ({ list: [new Counter(), new Special()], both: Object.assign(Object.create(Counter.prototype), { add: 5 }) }),
    thread: 'return [list[0].add(1), typeof both.add, both.add, list[0].add(1)]', result: [1, 'number', 5, 2] },
  { name: 'a method that changed is the new one', owner: () => ({ o: { f: () => 1, swap(this: Variables) { this['f'] = () => 2 } } }),
    thread: 'const before = o.f(); o.swap(); return [before, o.f(), typeof o.f]', result: [1, 2, 'function'] },
  { name: 'functions', owner: () => ({ add: (a: number, b: number) => a + b, size: (list: unknown[]) => list.length, who(this: { name: string }) { return this?.name } , me: { name: 'me' } }),
    thread: 'return [add(1, 2), size([1, 2, 3]), who.call(me), who.apply(me, []), add.name, add.length, typeof add, add.bind(null, 1)(4), (() => { try { new add() } catch (e) { return e.name } })()]',
    result: [3, 3, 'me', 'me', 'add', 2, 'function', 5, 'TypeError'] },
  { name: 'the same object is the same reference', owner: () => { const o = {}; return { a: o, b: o, list: [o], is: (x: unknown) => x === o, f: () => o } },
    thread: 'const back = { inside: [a] }; list.push(a, back); return [a === b, list[0] === a, f() === a, is(a), list.indexOf(b), list[2].inside[0] === a]',
    result: [true, true, true, true, 0, true] },
  { name: 'a written object is a copy with the notebook\'s own objects in it', owner: () => { const o = { n: 1 }; return { o, box: undefined, same: (x: unknown) => x === o } },
    thread: 'const mine = { o, m: new Map([[o, new Set([o])]]), d: new Date(5) }; box = mine; mine.later = 1; box.o.n = 7; return [same(box.o), box.later, o.n, box.m.get(o).has(o), box.d.getTime(), box === mine]',
    result: [true, undefined, 7, true, 5, false] },
  { name: 'circles go both ways', owner: () => ({ ...cycle(), back: undefined }),
    thread: 'const ring = []; ring.push(ring); back = ring; return [node.self === node, back[0] === back, snapshot(node).self.self.name]', result: [true, true, 'loop'] },
  { name: 'bytes are copied, also Buffers', owner: () => ({ out: [] }),
    thread: 'out.push(Buffer.from("abc"), new Uint16Array([1, 2]), new Uint8Array([5]).buffer)', result: undefined,
    after: { out: [Buffer.from('abc'), new Uint16Array([1, 2]), new Uint8Array([5]).buffer] } },
  { name: 'typed arrays: elementwise', owner: () => ({ t: new Float64Array([1, 2, 3]) }),
    thread: 't[1] += 5; return [t.length, [...t], t.map(x => x * 2), t instanceof Float64Array, t.sort((a, b) => b - a) === t]',
    result: [3, [1, 7, 3], new Float64Array([2, 14, 6]), true, true], after: { t: new Float64Array([7, 3, 1]) } },
  { name: 'shared memory is shared as itself', owner: () => ({ t: new Int32Array(new SharedArrayBuffer(8)), mine: undefined }),
    thread: 'const view = t; view[0] = 5; mine = new Int32Array(view.buffer, 4); mine[0] = 6; return [view === t, t[0], Atomics.add(t, 1, 1), structuredClone(t)[1]]',
    result: [true, 5, 6, 7], after: { t: new Int32Array([5, 7]), mine: new Int32Array([7]) } },
  { name: 'symbols', owner: () => { const own = Symbol('own'); return { own, o: { [own]: 1, [Symbol.for('k')]: 2, [Symbol.toStringTag]: 'Thing' } } },
    thread: 'o[own]++; return [o[own], o[Symbol.for("k")], Object.prototype.toString.call(o), typeof own, own === own, Reflect.ownKeys(o).length]',
    result: [2, 2, '[object Thing]', 'symbol', true, 3] },
  { name: 'generators and iterators', owner: () => ({ *count() { yield 1; yield { two: 2 } }, custom: { [Symbol.iterator]: () => { let n = 0; return { next: () => ({ done: ++n > 2, value: n }) } } } }),
    thread: 'const [a, b] = count(); return [a, b.two, [...custom], Array.from(count()).length]', result: [1, 2, [1, 2], 2] },
  { name: 'getters and property definitions', owner: () => ({ o: { get now() { return 'now' } } }),
    thread: 'Object.defineProperty(o, "x", { value: 1, writable: true, configurable: true }); return [o.now, typeof Object.getOwnPropertyDescriptor(o, "now").get, Object.keys(o), o.x, Object.getPrototypeOf(o) === Object.prototype]',
    result: ['now', 'function', ['now'], 1, true] },
  { name: 'promises are real ones', owner: () => ({ later: async (x: number) => ({ x }), ready: Promise.resolve(7), is: (p: unknown) => p instanceof Promise }),
    thread: 'const p = later(3); return [p instanceof Promise, (await p).x, await ready, ready === ready, is(ready), await Promise.all([later(1), later(2)]).then(all => all.map(o => o.x))]',
    result: [true, 3, 7, true, true, [1, 2]] },
  { name: 'for await over an async generator', owner: () => ({ async *ticks() { yield 1; yield 2 } }),
    thread: 'const seen = []; for await (const x of ticks()) seen.push(x); return seen', result: [1, 2] },
  { name: 'snapshot is a plain deep copy', owner: () => ({ o: { list: [1, { c: new Counter() }], m: new Map([[1, new Set(['x'])]]), f: () => 3 } }),
    thread: 'const s = snapshot(o); const f = s.f(); delete s.f; s.list[1].c.count = 9; return [s, f, o.list[1].c.count, snapshot(5), snapshot(s) === s]',
    result: [{ list: [1, { c: { count: 9, label: 'counter' } }], m: new Map([[1, new Set(['x'])]]) }, 3, 0, 5, true] },
  { name: 'a getter of a written object may itself ask', owner: () => ({ counter: 1, out: undefined }),
    thread: 'out = { first: "x", get next() { return ++counter }, last: counter }; return [out.first, out.next, out.last]',
    result: ['x', 2, 1] },
  { name: 'what can not be sent is an error, and the line goes on', owner: () => ({ o: { data: detached() }, text: 'fine' }),
    thread: 'try { snapshot(o) } catch (error) { return [error.name, text] }', result: ['DataCloneError', 'fine'] },
  { name: 'objects without a prototype and boxed values', owner: () => ({ bare: Object.assign(Object.create(null), { a: 1 }), out: undefined }),
    thread: 'out = Object(5); return [bare.a, Object.getPrototypeOf(bare), Object.keys(bare), out instanceof Number]', result: [1, null, ['a'], true] },
]

for (const { name, owner, thread, result, after } of cases) {
  test(name, async () => {
    const variables = owner()
    assert.deepEqual(await runThread(variables, thread), result)
    for (const [key, value] of Object.entries(after ?? {})) assert.deepEqual(variables[key], value)
  })
}

test('util.inspect shows the notebook\'s object', async () => {
  const variables = { list: [1, { a: new Map([['k', [1]]]) }], counter: new Counter(), f: function hello() {} }
  const shown = await runThread(variables, `
    const { inspect } = await import('node:util')
    return [inspect(list), inspect({ deep: { counter } }, { breakLength: 20 }), inspect(f), inspect([list], { depth: 0 })]`)
  assert.deepEqual(shown, [
    inspect(variables.list),
    inspect({ deep: { counter: variables.counter } }, { breakLength: 20 }),
    inspect(variables.f),
    '[ [Array] ]',
  ])
})
