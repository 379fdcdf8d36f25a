import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { html, latex, markdown, mime } from '../../kernel/display/display.ts'
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
  ['a data frame', { toHTML: () => '<table></table>' }, 'text/plain text/html'],
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

  test('of what is no object, in a column of its own', async () => {
    assert.equal((await toMimeBundle(table([1, null, { a: 'x' }])))['text/plain'], '   value  a\n0  1\n1  null\n2         x')
  })

  test('take rows and nothing else', () => {
    for (const wrong of [null, 5, { a: 1 }, 'text']) assert.throws(() => table(wrong as never), /table\(\) takes rows/)
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
    const address = `data:image/png;base64,${png.toString('base64')}`
    for (const source of [png, file, new Blob([png]), new Uint8Array(png).buffer, address, new URL(address)]) assert.deepEqual(await toShown(image(source, { width: 10 })), expected)
  })

  const kinds: readonly (readonly [bytes: Uint8Array, type: string])[] = [
    [Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'image/jpeg'], [Buffer.from('GIF89a'), 'image/gif'], [Buffer.from('RIFF1234WEBPVP8 '), 'image/webp'],
    [Buffer.from('<?xml version="1.0"?>\n<!-- made -->\n<svg xmlns="http://www.w3.org/2000/svg"></svg>'), 'image/svg+xml']
  ]
  for (const [bytes, type] of kinds) test(type, async () => assert.ok(type in await toMimeBundle(image(bytes))))

  test('from the text of an SVG', async () => {
    assert.equal((await toMimeBundle(image('<svg width="1"/>')))['image/svg+xml'], '<svg width="1"/>')
  })

  test('what is no picture is told by its name', async () => {
    await assert.rejects(toMimeBundle(image(Buffer.from('text'))), /no image that front ends show/)
    await assert.rejects(toMimeBundle(image('/no/such/file.png')), /can't read the file "\/no\/such\/file\.png": ENOENT: no such file/)
    await assert.rejects(toMimeBundle(image('http://127.0.0.1:1/dot.png')), /can't load http:\/\/127\.0\.0\.1:1\/dot\.png/)
    for (const wrong of [42, undefined, {}]) await assert.rejects(toMimeBundle(image(wrong as never)), /image\(\) takes bytes, the name of a file or an address, not/)
  })
})

test('charts and trees', async () => {
  const chart = await toMimeBundle(vegaLite({ mark: 'bar' }))
  assert.deepEqual(chart['application/vnd.vegalite.v5+json'], { $schema: 'https://vega.github.io/schema/vega-lite/v5.json', mark: 'bar' })
  assert.throws(() => vegaLite('bar' as never), /takes a specification/)
  const tree = await toShown(json({ a: [1] }, { expanded: true }))
  assert.deepEqual(tree, { data: { 'application/json': { a: [1] }, 'text/plain': '{ a: [ 1 ] }' }, metadata: { 'application/json': { expanded: true, root: 'root' } } })
})

test('a chart has plain numbers, and may be one of Vega itself', async () => {
  const { 'application/vnd.vegalite.v5+json': chart } = await toMimeBundle(vegaLite({ data: { values: [{ n: 5n }] } }))
  assert.deepEqual((chart as { data: unknown }).data, { values: [{ n: 5 }] })
  assert.ok('application/vnd.vega.v5+json' in await toMimeBundle(vegaLite({ $schema: 'https://vega.github.io/schema/vega/v5.json', marks: [] })))
})

test('a tree shows what JSON does not have', async () => {
  const around: Record<string, unknown> = { big: 1n, none: NaN, map: new Map<unknown, unknown>([['a', 1], [{ k: 1 }, new Set([2])]]), bytes: new Uint8Array(2), date: new Date(0), run() {} }
  around['around'] = [around, undefined]
  around['error'] = new RangeError('far', { cause: 'near' })
  const { 'application/json': tree } = await toMimeBundle(json(around))
  assert.deepEqual(tree, {
    big: '1n', none: 'NaN', map: { a: 1, '{ k: 1 }': [2] }, bytes: [0, 0], date: '1970-01-01T00:00:00.000Z', around: ['[Circular]', null],
    error: { name: 'RangeError', message: 'far', cause: 'near' }
  })
})

describe('bundles', () => {
  test('are texts, base64 of bytes, and JSON', async () => {
    const bundle = mime({ 'text/plain': 5, 'text/html': ['<b>', '</b>'], 'image/png': new Uint8Array([1, 2]), 'image/svg+xml': Buffer.from('<svg/>'), 'application/geo+json': { a: [1] }, 'application/own': { b: 1 }, 'text/none': undefined })
    assert.deepEqual(await toMimeBundle(bundle), { 'text/plain': '5', 'text/html': ['<b>', '</b>'], 'image/png': 'AQI=', 'image/svg+xml': '<svg/>', 'application/geo+json': { a: [1] }, 'application/own': { b: 1 } })
  })

  test('that can not be sent are told', async () => {
    await assert.rejects(toMimeBundle(mime({ 'text/html': { a: 1 } })), /The content of text\/html is a text, or bytes, not \{ a: 1 \}/)
    await assert.rejects(toMimeBundle(mime({ 'application/json': { a: 1n } })), /application\/json is no JSON: .*BigInt/)
    await assert.rejects(toShown(1, { a: 1n }), /metadata is no JSON/)
  })

  test('of templates and texts', async () => {
    assert.equal((await toMimeBundle(latex`$\frac{${1}}{2}$`))['text/latex'], String.raw`$\frac{1}{2}$`)
    assert.equal((await toMimeBundle(markdown`a\nb`))['text/markdown'], 'a\nb')
    assert.equal((await toMimeBundle(html(5 as never)))['text/html'], '5')
  })
})
