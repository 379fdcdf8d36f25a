import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { once } from 'node:events'
import { after, before, describe, it } from 'node:test'
import { inspect, isDeepStrictEqual } from 'node:util'
import { MessageChannel } from 'node:worker_threads'
import { capture } from '../../../kernel/parallel/capture/capture.ts'
import { functionFacts } from '../../../kernel/parallel/capture/function-facts.ts'
import type { Mode, Realm, Scope } from '../../../kernel/parallel/capture/parcel.ts'
import { restore } from '../../../kernel/parallel/capture/restore.ts'
import { thread, type OtherRealm } from './realms.ts'

/** Its types are those of browsers, which are not for this project. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Memory: new (size: object) => { readonly buffer: ArrayBuffer }
}

const scope: Scope = { ...functionFacts(), lookup: () => undefined }
const realm: Realm = {
  define: name => assert.fail(`No name should be needed, but ${name} is defined.`),
  import: specifier => import(specifier),
  remote: name => assert.fail(`No variable should be reached, but ${name} is.`),
}

const roundTrip = (value: unknown, mode: Mode): Promise<unknown> => restore(capture(value, scope, mode, 'value'), realm)

const cyclic: { self?: unknown; list: unknown[] } = { list: [] }
cyclic.self = cyclic
cyclic.list.push(cyclic, cyclic.list)

const cyclicMap = new Map<unknown, unknown>()
cyclicMap.set(cyclicMap, new Set([cyclicMap]))

const holes: unknown[] = [1, , undefined, { x: 1 }]
holes.length = 6

const buffer = new ArrayBuffer(16)

/** Values that are equal to what comes back, by `isDeepStrictEqual`. */
const equal: Readonly<Record<string, unknown>> = {
  'numbers': [0, -0, NaN, Infinity, -Infinity, 1.5, 2 ** 53],
  'bigints, strings, undefined': [10n ** 30n, -1n, 'ä𝄞\ud800\0', '', undefined, null, true],
  'plain objects': { a: 1, b: { c: [1, 2, { d: undefined }] }, '1': 'index', 'a b': 2 },
  'own __proto__': JSON.parse('{"__proto__": {"x": 1}, "y": 2}'),
  'holes': holes,
  'array with names': Object.assign([1, 2], { name: 'x', 5: 6 }),
  'a Map and a Set': new Map<unknown, unknown>([['a', 1], [{ k: 1 }, new Set([1, '1', { x: 1 }])], [NaN, -0]]),
  'dates': [new Date(1234), new Date(NaN)],
  'regular expressions': [/a(?<b>c)/giu, /[\/\n]/dsvy, Object.assign(/x/g, { lastIndex: 3 })],
  'errors': [
    new TypeError('no', { cause: { x: 1 } }),
    Object.assign(new RangeError('far'), { code: 5 }),
    new AggregateError([new Error('a')], 'all'),
  ],
  'buffers': [buffer, new Uint8Array(buffer, 2, 3), new DataView(buffer, 4)],
  'typed arrays': [new Float64Array([1, NaN]), Buffer.from('text'), new BigInt64Array([5n])],
  'a large buffer': new Uint8Array(200_000).fill(7),
  'a shared buffer': [new SharedArrayBuffer(8), new Int32Array(new SharedArrayBuffer(16), 4, 2)],
  'boxed primitives': [Object(1), Object('text'), Object(false), Object(10n)],
  'URLs': [new URL('https://a.b/c?d#e'), new URLSearchParams('a=1&a=2')],
  'null prototype': Object.assign(Object.create(null), { x: 1 }),
  'cycles': cyclic,
  'a cyclic map': cyclicMap,
  'registered and well-known symbols': { [Symbol.for('x')]: Symbol.for('y'), list: [Symbol.iterator, Symbol.for('x')] },
}

describe('values that come back equal', () => {
  for (const [name, value] of Object.entries(equal)) {
    for (const mode of ['copy', 'share'] as const) {
      it(`${name}, ${mode}`, async () => {
        const back = await roundTrip(value, mode)
        assert.ok(isDeepStrictEqual(back, value), inspect(back))
        if (typeof value === 'object') assert.notEqual(back, value)
      })
    }
  }
})

interface Fact {
  readonly value: unknown
  readonly holds: (back: never, original: never) => boolean
}

class Animal {
  static kinds = ['cat']
  name = 'tom'
  get loud(): string {
    return this.name.toUpperCase()
  }
}

const shared = { x: 1 }
const local = Symbol('local')
const descriptor = (value: object, key: PropertyKey): PropertyDescriptor => Object.getOwnPropertyDescriptor(value, key)!
const hidden = Object.defineProperty({}, 'x', { value: 1 })
const counting = { n: 1, get twice() { return this.n * 2 }, set twice(value) { this.n = value / 2 } }

/** What holds of a value that came back. */
const facts: Readonly<Record<string, Fact>> = {
  'identity': { value: [shared, shared, [shared]], holds: ([a, b, [c]]: [object, object, [object]]) => a === b && b === c },
  'views of one buffer': {
    value: [new Uint8Array(buffer), new DataView(buffer, 8)],
    holds: ([a, b]: [Uint8Array, DataView]) => a.buffer === b.buffer && b.byteOffset === 8,
  },
  'length of a resizable buffer': {
    value: new ArrayBuffer(4, { maxByteLength: 8 }),
    holds: (back: ArrayBuffer) => back.resizable && back.maxByteLength === 8,
  },
  'Buffer is Buffer': { value: Buffer.from('a'), holds: (back: Buffer) => Buffer.isBuffer(back) && back.toString() === 'a' },
  'symbols of one\'s own': {
    value: { [local]: 1, local },
    holds: (back: { local: symbol; [key: symbol]: unknown }) => {
      return back.local.description === 'local' && back[back.local] === 1 && back.local !== local
    },
  },
  'attributes': { value: hidden, holds: (back: object) => isDeepStrictEqual(descriptor(back, 'x'), descriptor(hidden, 'x')) },
  'accessors': {
    value: counting,
    holds: (back: typeof counting) => {
      back.twice = 10
      return back.n === 5 && back.twice === 10 && descriptor(back, 'twice').get !== undefined && counting.n === 1
    },
  },
  'the order of properties': {
    value: Object.defineProperties({}, { b: { get: () => 1, enumerable: true }, a: { value: 2, enumerable: true } }),
    holds: (back: object) => Object.keys(back).join() === 'b,a',
  },
  'frozen': {
    value: Object.freeze({ inner: Object.freeze([1, shared]) }),
    holds: (back: { inner: unknown[] }) => {
      return Object.isFrozen(back) && Object.isFrozen(back.inner) && !Object.isFrozen(back.inner[1])
    },
  },
  'sealed': { value: Object.seal({ x: 1 }), holds: (back: object) => Object.isSealed(back) && !Object.isFrozen(back) },
  'not extensible': {
    value: Object.preventExtensions({ x: 1 }),
    holds: (back: object) => !Object.isExtensible(back) && !Object.isSealed(back),
  },
  'errors are errors': {
    value: new TypeError('no'),
    holds: (back: Error, original: Error) => {
      return back instanceof TypeError && back.stack === original.stack && Object.keys(back).length === 0
    },
  },
  'instances': {
    value: { tom: new Animal(), Animal },
    holds: ({ tom, Animal: Copy }: { tom: Animal; Animal: typeof Animal }) => {
      const copied = Copy !== Animal && Copy.kinds !== Animal.kinds && Copy.kinds[0] === 'cat'
      return copied && tom instanceof Copy && tom.loud === 'TOM'
    },
  },
  'subclasses of builtins': {
    value: new (class Stack extends Array<number> { top(): number { return this.at(-1)! } })(1, 2, 3),
    holds: (back: number[] & { top(): number }) => {
      return Array.isArray(back) && back.top() === 3 && back.map(x => x).constructor.name === 'Stack'
    },
  },
  'a DOMException': {
    value: new DOMException('gone', { name: 'AbortError', cause: new RangeError('far') }),
    holds: (back: DOMException) => back instanceof DOMException && back.name === 'AbortError' && back.message === 'gone' && back.code === 20
      && /values\.test/.test(back.stack ?? '') && (back as Error).cause instanceof RangeError,
  },
  'headers': {
    value: new Headers([['a', '1'], ['set-cookie', 'x'], ['set-cookie', 'y']]),
    holds: (back: Headers) => back instanceof Headers && back.get('a') === '1' && back.getSetCookie().length === 2,
  },
  'text codecs': {
    value: [new TextEncoder(), new TextDecoder('utf-16le', { fatal: true })],
    holds: ([encoder, decoder]: [InstanceType<typeof TextEncoder>, InstanceType<typeof TextDecoder>]) => encoder.encode('a').length === 1 && decoder.encoding === 'utf-16le' && decoder.fatal,
  },
  'formatters': {
    value: [
      new Intl.NumberFormat('de', { style: 'currency', currency: 'EUR' }),
      new Intl.DateTimeFormat('en', { timeZone: 'UTC', dateStyle: 'short' }),
      new Intl.DateTimeFormat('en', { timeZone: 'Asia/Tokyo', hour: 'numeric', hour12: false }),
      new Intl.ListFormat('en', { type: 'disjunction' }),
      new Intl.RelativeTimeFormat('en', { numeric: 'auto' }),
      new Intl.DisplayNames('en', { type: 'region' }),
    ],
    holds: ([euro, date, hour, list, relative, names]: [Intl.NumberFormat, Intl.DateTimeFormat, Intl.DateTimeFormat, Intl.ListFormat, Intl.RelativeTimeFormat, Intl.DisplayNames]) =>
      [euro.format(1), date.format(0), hour.format(0), list.format(['a', 'b']), relative.format(1, 'day'), names.of('DE')].join('; ').replaceAll('\u00a0', ' ')
        === '1,00 €; 1/1/70; 09; a or b; tomorrow; Germany',
  },
  'what tells languages': {
    value: [new Intl.Locale('de-DE'), new Intl.PluralRules('en', { type: 'ordinal' }), new Intl.Collator('sv'), new Intl.Segmenter('en', { granularity: 'word' })],
    holds: ([locale, plural, collator, segmenter]: [Intl.Locale, Intl.PluralRules, Intl.Collator, Intl.Segmenter]) =>
      locale.region === 'DE' && plural.select(2) === 'two' && collator.compare('z', 'ö') < 0 && [...segmenter.segment('a b')].length === 3,
  },
  'a long list of objects': {
    value: Array.from({ length: 50_000 }).reduce<object>(next => ({ next }), {}),
    holds: (back: { next?: object }) => {
      let length = 0
      for (let at: { next?: object } | undefined = back; at?.next; at = at.next) length++
      return length === 50_000
    },
  },
}

describe('what holds of values that come back', () => {
  for (const [name, { value, holds }] of Object.entries(facts)) {
    for (const mode of ['copy', 'share'] as const) {
      it(`${name}, ${mode}`, async () => assert.ok(holds((await roundTrip(value, mode)) as never, value as never)))
    }
  }
})

describe('what threads share', () => {
  let worker: OtherRealm
  before(() => void (worker = thread()))
  after(() => worker[Symbol.asyncDispose]())

  it('shared memory stays shared', async () => {
    const cells = new Int32Array(new SharedArrayBuffer(8))
    await worker.check(capture({ cells }, scope, 'share', 'value'), '({ cells }) => { cells[0] = 42 }')
    assert.equal(cells[0], 42)
  })

  it('in mode copy it is a copy', async () => {
    const cells = new Int32Array(new SharedArrayBuffer(8)).fill(1)
    assert.equal(await worker.check(capture({ cells }, scope, 'copy', 'value'), '({ cells }) => cells[0]++'), 1)
    assert.equal(cells[0], 1)
  })

  it('a large buffer is transferred beside the data', async () => {
    const parcel = capture(new Float64Array(100_000).fill(3), scope, 'share', 'value')
    assert.ok(parcel.data.length < 1000)
    assert.deepEqual(await worker.check(parcel, 'list => [list.length, list[99_999]]'), [100_000, 3])
  })

  it('a port travels', async () => {
    const { port1, port2 } = new MessageChannel()
    const answer = once(port1, 'message')
    await worker.check(capture({ port2 }, scope, 'share', 'value'), '({ port2 }) => port2.postMessage("hello")')
    assert.deepEqual(await answer, ['hello'])
    port1.close()
  })

  const add = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 7, 1, 96, 2, 127, 127, 1, 127, 3, 2, 1, 0, 7, 7, 1, 3, 97, 100, 100, 0, 0, 10, 9, 1, 7, 0, 32, 0, 32, 1, 106, 11])
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
  const key = createSecretKey(Buffer.from('key'))

  const cloned: readonly (readonly [name: string, value: object, question: string, answer: unknown])[] = [
    ['a compiled module', new WebAssembly.Module(add), 'async value => (await WebAssembly.instantiate(value)).exports.add(1, 2)', 3],
    ['shared memory of WebAssembly', memory, 'value => new Uint8Array(value.buffer)[0]++', 0],
    ['a Blob', new Blob(['bytes'], { type: 'a/b' }), 'async value => [await value.text(), value.type]', ['bytes', 'a/b']],
    ['a File', new File(['bytes'], 'name'), 'async value => [await value.text(), value.name]', ['bytes', 'name']],
    ['a key', key, "value => value.export().toString()", 'key'],
    ['a CryptoKey', key.toCryptoKey({ name: 'HMAC', hash: 'SHA-256' }, true, ['sign']), 'value => value.algorithm.name', 'HMAC']
  ]

  for (const [name, value, question, answer] of cloned) {
    it(`${name} travels`, async () => {
      assert.deepEqual(await worker.check(capture([value, { value }], scope, 'share', 'value'), `([value, other]) => (${question})(value === other.value && value)`), answer)
    })
  }

  it('memory of WebAssembly is the same there', () => assert.equal(new Uint8Array(memory.buffer)[0], 1))
})
