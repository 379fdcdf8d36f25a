import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { capture } from '../../../kernel/parallel/capture/capture.ts'
import { Cells } from './cells.ts'
import { childProcess, thread, type OtherRealm } from './realms.ts'

interface Case {
  readonly name: string
  readonly cells: readonly string[]
  /** What is sent. */
  readonly send: string
  /** A function of the restored value. */
  readonly check: string
  readonly gives: unknown
}

const builtins = `[Math, Math.max, console, Array.prototype.map, fetch, Symbol.iterator, Map, structuredClone, globalThis,
  crypto, Object.getOwnPropertyDescriptor(Map.prototype, 'size').get, Buffer, setTimeout]`

const cases: readonly Case[] = [
  { name: 'an arrow function', cells: [], send: '(a, b) => a + b', check: 'f => f(1, 2)', gives: 3 },
  {
    name: 'an async function',
    cells: [],
    send: 'async function f(a) { return await a }',
    check: 'f => f(5)',
    gives: 5,
  },
  {
    name: 'a generator',
    cells: [],
    send: 'function* f(n) { yield n; yield* [2, 3] }',
    check: 'f => [...f(1)]',
    gives: [1, 2, 3],
  },
  {
    name: 'an async generator',
    cells: [],
    send: 'async function* (n) { yield n }',
    check: 'async f => { for await (const x of f(4)) return x }',
    gives: 4,
  },
  {
    name: 'a method',
    cells: [],
    send: '({ twice(n) { return n * 2 } }).twice',
    check: 'f => [f(4), f.name]',
    gives: [8, 'twice'],
  },
  {
    name: 'a method with a computed name',
    cells: ["const key1 = 'computed'"],
    send: "({ async *[key1](n) { yield n } })",
    check: 'async o => (await o.computed(3).next()).value',
    gives: 3,
  },
  {
    name: 'a getter and a setter',
    cells: [],
    send: '({ n: 1, get x() { return this.n }, set x(v) { this.n = v * 2 } })',
    check: 'o => { o.x = 4; return o.x }',
    gives: 8,
  },
  {
    name: 'a method with super',
    cells: [],
    send: '({ __proto__: { f() { return 1 } }, f() { return super.f() + 1 } })',
    check: 'o => o.f()',
    gives: 2,
  },
  {
    name: 'the name and properties of a function',
    cells: [],
    send: 'Object.assign(() => 1, { label: { x: 1 } })',
    check: 'f => [f.name, f.label.x, f()]',
    gives: ['', 1, 1],
  },
  {
    name: 'variables and functions of the notebook',
    cells: ['const step2 = 2', 'function add2(n) { return n + step2 }'],
    send: 'n => add2(n) * 10',
    check: 'f => f(1)',
    gives: 30,
  },
  {
    name: 'mutual recursion',
    cells: [`
      function even(n) { return n === 0 || odd(n - 1) }
      function odd(n) { return n > 0 && even(n - 1) }`],
    send: 'even',
    check: 'f => [f(10), f(7)]',
    gives: [true, false],
  },
  {
    name: 'captured variables',
    cells: ['function adder(n) { const list = [n]; return x => list[0] + x + n }'],
    send: 'adder(5)',
    check: 'f => f(1)',
    gives: 11,
  },
  {
    name: 'a shared scope',
    cells: ['function counter(n) { return { inc: () => ++n, get: () => n } }'],
    send: 'counter(5)',
    check: 'c => { c.inc(); c.inc(); return c.get() }',
    gives: 7,
  },
  {
    name: 'two scopes that look alike',
    cells: [],
    send: '[counter(0), counter(0)]',
    check: '([a, b]) => { a.inc(); return [a.get(), b.get()] }',
    gives: [1, 0],
  },
  {
    name: 'nested scopes',
    cells: ['function outer(a) { return b => { a++; return { add: c => (b += a + c), a: () => a } } }'],
    send: 'outer(1)(10)',
    check: 'o => [o.add(100), o.a()]',
    gives: [112, 2],
  },
  {
    name: 'a captured variable that hides a notebook variable',
    cells: ['const hidden = 1', 'function hide(hidden) { return () => hidden }', 'const plain = () => hidden'],
    send: '[hide(2), plain]',
    check: '([a, b]) => [a(), b()]',
    gives: [2, 1],
  },
  {
    name: 'recursive captured functions',
    cells: ['function make() { const fact = n => (n < 2 ? 1 : n * fact(n - 1)); return fact }'],
    send: 'make()',
    check: 'f => f(5)',
    gives: 120,
  },
  {
    name: 'a bound function',
    cells: [],
    send: '(function (a, b) { return [this.x, a, b] }).bind({ x: 1 }, 2)',
    check: 'f => f(3)',
    gives: [1, 2, 3],
  },
  {
    name: 'a class with everything',
    cells: [`
      class Point { static count = 7; static registry = new Map(); static { Point.registry.set('me', Point) }
      x = 1; constructor(y) { this.y = y }
      get sum() { return this.x + this.y }
      static of(y) { return new Point(y) }
      *[Symbol.iterator]() { yield this.x; yield this.y } }`],
    send: 'Point',
    check: `P => {
      const p = P.of(2)
      return [P.count, P.registry.get('me') === P, p.sum, [...p], p instanceof P, P.name] }`,
    gives: [7, true, 3, [1, 2], true, 'Point'],
  },
  {
    name: 'an instance and its class',
    cells: [`
      class Base1 { hello() { return \`hello \${this.name}\` } }
      class Derived1 extends Base1 { constructor(name) { super(); this.name = name }
        hello() { return super.hello() + "!" } }`],
    send: "({ a: new Derived1('x'), Base1 })",
    check: "({ a, Base1 }) => [a.hello(), a instanceof Base1, a.constructor.name, new a.constructor('y').hello()]",
    gives: ['hello x!', true, 'Derived1', 'hello y!'],
  },
  {
    name: 'a class that extends what an expression gave',
    cells: [`
      let mixed = 0
      function mixin(Base) { mixed++; return class extends Base { mixed() { return mixed } } }
      class Mixed extends mixin(Array) {}`],
    send: 'Mixed.from([1, 2])',
    check: 'm => [m.length, m.mixed(), m.map(x => x + 1) instanceof m.constructor]',
    gives: [2, 1, true],
  },
  {
    name: 'classes with private fields',
    cells: ['class Secret { #x = 3; #twice() { return this.#x * 2 } get() { return this.#twice() } }'],
    send: 'Secret',
    check: 'S => new S().get()',
    gives: 6,
  },
  {
    name: 'a subclass of Error',
    cells: ["class MyError extends Error { name = 'MyError'; constructor(m, code) { super(m); this.code = code } }"],
    send: "new MyError('no', 5)",
    check: 'e => [e instanceof Error, e.message, e.code, e.name, e.constructor.name, e.stack.split("\\n")[0]]',
    gives: [true, 'no', 5, 'MyError', 'MyError', 'MyError: no'],
  },
  {
    name: 'arrow functions in fields',
    cells: ['class Button { count = 0; click = () => ++this.count }'],
    send: 'new Button()',
    check: 'b => { const { click } = b; click(); click(); return b.count }',
    gives: 2,
  },
  {
    name: 'a method that was added to a class',
    cells: [`
      class Added {}
      Added.prototype.more = function () { return 8 }`],
    send: 'new Added()',
    check: 'a => a.more()',
    gives: 8,
  },
  {
    name: 'a constructor function',
    cells: [`
      function Old(x) { this.x = x }
      Old.prototype.get = function () { return this.x }`],
    send: 'new Old(3)',
    check: 'o => [o.get(), o.constructor.name, Object.keys(o)]',
    gives: [3, 'Old', ['x']],
  },
  {
    name: 'a method apart from its class',
    cells: ['class Apart { m() { return this } static s() { return 2 } }'],
    send: '({ s: Apart.s, m: Apart.prototype.m, Apart })',
    check: 'o => [o.s === o.Apart.s, o.m === o.Apart.prototype.m, o.s()]',
    gives: [true, true, 2],
  },
  {
    name: 'class members with computed keys',
    cells: [`
      const tag1 = Symbol('tag')
      class Tagged { [tag1]() { return 4 } }`],
    send: '({ t: new Tagged(), tag: tag1 })',
    check: 'o => o.t[o.tag]()',
    gives: 4,
  },
  {
    name: 'builtins',
    cells: [],
    send: builtins,
    check: `b => ${builtins}.map((each, i) => each === b[i])`,
    gives: Array(13).fill(true),
  },
  {
    name: 'a notebook name that hides a builtin',
    cells: ['const escape = 5'],
    send: '({ f: () => escape, escape: globalThis.escape })',
    check: 'o => [o.f(), o.escape("ä")]',
    gives: [5, '%E4'],
  },
]

describe('functions and what they use', () => {
  const cells = new Cells()
  const realms: Record<string, OtherRealm> = {}
  before(() => Object.assign(realms, { thread: thread(), process: childProcess() }))
  after(async () => {
    for (const realm of Object.values(realms)) await realm[Symbol.asyncDispose]()
  })
  for (const { name, cells: code, send, check, gives } of cases) {
    it(name, async () => {
      for (const cell of code) await cells.run(cell.replace(/^ {6}/gm, ''))
      const value = cells.value(send)
      for (const realm of [realms['thread']!, realms['process']!]) {
        assert.deepEqual(await realm.check(capture(value, cells, 'copy', 'value'), check), gives)
      }
    })
  }
})
