import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type Piece, Streams } from '../../kernel/dispatch/streams.ts'

interface Sent {
  readonly streams: Streams
  readonly texts: string[]
}

function collect(context: TestContext): Sent {
  context.mock.timers.enable({ apis: ['setTimeout'] })
  const texts: string[] = []
  const send = async ({ name, text }: Piece) => void texts.push(name === 'stdout' ? text : `${name}:${text}`)
  return { streams: new Streams(send), texts }
}

function piece(text: string, fields: { name?: Piece['name']; cell?: string; worker?: string } = {}): Piece {
  const { name = 'stdout', cell = 'cell', worker } = fields
  return { type: 'stream', owner: { cell, ...(worker && { worker }) }, name, text }
}

test('the first piece leaves at once, later ones together', async context => {
  const { streams, texts } = collect(context)
  for (const text of ['a\n', 'b\n', 'c\n']) await streams.add(piece(text))
  assert.deepEqual(texts, ['a\n'])
  context.mock.timers.tick(25)
  assert.deepEqual(texts, ['a\n', 'b\nc\n'])
})

test('a piece after a pause leaves at once', async context => {
  const { streams, texts } = collect(context)
  await streams.add(piece('a'))
  context.mock.timers.tick(25)
  await streams.add(piece('b'))
  assert.deepEqual(texts, ['a', 'b'])
})

test('the window grows up to 200 ms while more comes', async context => {
  const { streams, texts } = collect(context)
  await streams.add(piece('.'))
  for (let millisecond = 0; millisecond < 1000; millisecond++) {
    await streams.add(piece('.'))
    context.mock.timers.tick(1)
  }
  assert.deepEqual(texts.map(text => text.length), [1, 25, 50, 100, 200, 200, 200, 200])
})

test('stdout and stderr keep their order', async context => {
  const { streams, texts } = collect(context)
  await streams.add(piece('1'))
  await streams.add(piece('2'))
  await streams.add(piece('3', { name: 'stderr' }))
  await streams.add(piece('4', { name: 'stderr' }))
  await streams.add(piece('5'))
  await streams.flush('cell')
  assert.deepEqual(texts, ['1', '2', 'stderr:34', '5'])
})

test('workers share a message by whole lines only', async context => {
  const { streams, texts } = collect(context)
  await streams.add(piece('start\n'))
  await streams.add(piece('one\n', { worker: 'a' }))
  await streams.add(piece('two\n', { worker: 'b' }))
  await streams.add(piece('half', { worker: 'a' }))
  await streams.add(piece(' of it ', { worker: 'a' }))
  await streams.add(piece('other\n', { worker: 'b' }))
  await streams.flushAll()
  assert.deepEqual(texts, ['start\n', 'one\ntwo\nhalf of it ', 'other\n'])
})

test('cells are gathered apart and flushed apart', async context => {
  const { streams, texts } = collect(context)
  for (const text of ['x1 ', 'x2 ', 'x3 ', 'y1 ', 'y2 ', 'y3 ']) await streams.add(piece(text, { cell: text.charAt(0) }))
  await streams.flush('y')
  assert.deepEqual(texts, ['x1 ', 'y1 ', 'y2 y3 '])
  await streams.flush('unknown')
  await streams.flushAll()
  assert.deepEqual(texts.at(-1), 'x2 x3 ')
})

test('memory is bounded: so many characters leave without waiting', async context => {
  const { streams, texts } = collect(context)
  await streams.add(piece('x'))
  for (let i = 0; i < 128; i++) await streams.add(piece('x'.repeat(1024)))
  assert.deepEqual(texts.map(text => text.length), [1, 64 * 1024, 64 * 1024])
})

test('an empty text is no message', async context => {
  const { streams, texts } = collect(context)
  await streams.add(piece(''))
  assert.deepEqual(texts, [])
})

test('nothing is sent after disposal', async context => {
  const { streams, texts } = collect(context)
  await streams.add(piece('a'))
  await streams.add(piece('b'))
  streams[Symbol.dispose]()
  context.mock.timers.tick(1000)
  assert.deepEqual(texts, ['a'])
})
