import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { image } from '../../kernel/display/image.ts'
import { json } from '../../kernel/display/json.ts'
import { DISPLAY, toMimeBundle, toShown } from '../../kernel/display/mime.ts'
import { table } from '../../kernel/display/records.ts'
import { vegaLite } from '../../kernel/display/vega-lite.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')
const hostile = { get outerHTML(): string { throw new Error('a getter that fails') } }
const element = { outerHTML: '<svg><circle r="1"/></svg>' }

class Point {
  readonly x = 1
}

/** Values, and the media types by which they are shown. */
const values: readonly (readonly [name: string, value: unknown, types: string])[] = [
  ['a number', 1, 'text/plain'], ['a string', 'a', 'text/plain'], ['null', null, 'text/plain'], ['a function', () => 1, 'text/plain'], ['an object', { a: 1 }, 'text/plain'],
  ['objects', [{ a: 1 }, { b: 2 }], 'text/plain text/html'], ['objects without prototype', [Object.assign(Object.create(null), { a: 1 })], 'text/plain text/html'],
  ['no objects', [], 'text/plain'], ['empty objects', [{}], 'text/plain'], ['numbers', [1, 2], 'text/plain'], ['arrays', [[1], [2]], 'text/plain'], ['dates', [new Date(0)], 'text/plain'],
  ['objects and others', [{ a: 1 }, 2], 'text/plain'], ['instances', [new Point()], 'text/plain'], ['objects that show themselves', [{ [DISPLAY]: () => ({}) }], 'text/plain'],
  ['a typed array', new Float64Array(3), 'text/plain text/html'], ['big integers', new BigInt64Array(2), 'text/plain text/html'], ['a buffer', Buffer.from('text'), 'text/plain'], ['a view', new DataView(new ArrayBuffer(1)), 'text/plain'],
  ['the bytes of a picture', png, 'text/plain image/png'], ['an element', element, 'text/plain text/html'], ['an element that fails', hostile, 'text/plain'],
  ['a proxy that fails', new Proxy({}, { has: () => { throw new Error('a trap') } }), 'text/plain'],
  ['a canvas', { toDataURL: () => 'data:image/png;base64,AAAA' }, 'text/plain image/png'], ['a chart', { toSpec: () => ({ mark: 'bar' }) }, 'text/plain application/vnd.vegalite.v5+json'],
  ['what shows itself', { [DISPLAY]: () => ({ 'text/html': 'x' }) }, 'text/html'], ['what has nothing to show', { [DISPLAY]: () => ({}) }, ''], ['what shows itself as nothing', { [DISPLAY]: () => undefined }, 'text/plain']
]

describe('how values are shown', () => {
  for (const [name, value, types] of values) {
    test(name, async () => assert.equal(Object.keys(await toMimeBundle(value)).join(' '), types))
  }

  test('errors with their causes', async () => {
    const { 'text/plain': text } = await toMimeBundle(new Error('outer', { cause: new TypeError('inner') }))
    assert.match(String(text), /^Error: outer\n[^]*\[cause\]: TypeError: inner/)
  })
})

describe('tables', () => {
  test('have a column for each property, numbers at the right, and no markup of their own', async () => {
    const { 'text/html': html, 'text/plain': text } = await toMimeBundle([{ name: '<b>', size: 1 }, { size: 20, more: { a: [1] } }])
    assert.match(String(html), /<th style="text-align: left">name<\/th><th style="text-align: right">size<\/th>/)
    assert.match(String(html), /&lt;b>.*\{ a: \[ 1 \] \}/)
    assert.doesNotMatch(String(html), /<b>/)
    assert.match(String(text), /^\[\s+\{ name: '<b>'/)
  })

  test('show the first rows and columns of many, and say so', async () => {
    const rows = Array.from({ length: 1000 }, (_, row) => Object.fromEntries(Array.from({ length: 30 }, (__, column) => [`c${column}`, row])))
    const html = String((await toMimeBundle(rows))['text/html'])
    assert.equal(html.match(/<tr>/g)?.length, 51)
    assert.match(html, /950 more rows, 10 more columns/)
  })

  test('of what was chosen', async () => {
    const { 'text/plain': text } = await toMimeBundle(table(new Set([{ a: 1, b: 'x' }, { a: 2, b: 'y' }]), { columns: ['b'], limit: 1 }))
    assert.equal(text, '   b\n0  x\n… 1 more row')
  })

  test('of typed arrays, with their first elements', async () => {
    const html = String((await toMimeBundle(new Int32Array(1000)))['text/html'])
    assert.match(html, /^<p>Int32Array\(1000\)<\/p>/)
    assert.match(html, /800 more/)
    assert.equal(html.match(/<td>0<\/td>/g)?.length, 200)
  })
})

describe('pictures', () => {
  test('from bytes and from files, in the size that is wanted', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'dot.png')
    await writeFile(file, png)
    const expected = { data: { 'image/png': png.toString('base64'), 'text/plain': `image/png, ${png.length} bytes` }, metadata: { 'image/png': { width: 10 } } }
    for (const source of [png, file, new Blob([png]), new Uint8Array(png).buffer]) assert.deepEqual(await toShown(image(source, { width: 10 })), expected)
  })

  const kinds: readonly (readonly [bytes: Uint8Array, type: string])[] = [
    [Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg'], [Buffer.from('GIF89a'), 'image/gif'], [Buffer.from('RIFF1234WEBPVP8 '), 'image/webp'],
    [Buffer.from('<?xml version="1.0"?>\n<!-- made -->\n<svg xmlns="http://www.w3.org/2000/svg"></svg>'), 'image/svg+xml']
  ]
  for (const [bytes, type] of kinds) test(type, async () => assert.ok(type in await toMimeBundle(image(bytes))))

  test('what is no picture is told by its name', async () => {
    await assert.rejects(toMimeBundle(image(Buffer.from('text'))), /no image that front ends show/)
    await assert.rejects(toMimeBundle(image('/no/such/file.png')), /can't read the file "\/no\/such\/file\.png": ENOENT: no such file/)
  })
})

test('charts and trees', async () => {
  const chart = await toMimeBundle(vegaLite({ mark: 'bar' }))
  assert.deepEqual(chart['application/vnd.vegalite.v5+json'], { $schema: 'https://vega.github.io/schema/vega-lite/v5.json', mark: 'bar' })
  assert.throws(() => vegaLite('bar' as never), /takes a specification/)
  const tree = await toShown(json({ a: [1] }, { expanded: true }))
  assert.deepEqual(tree, { data: { 'application/json': { a: [1] }, 'text/plain': '{ a: [ 1 ] }' }, metadata: { 'application/json': { expanded: true, root: 'root' } } })
})
