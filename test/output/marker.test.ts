import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { encodeHello, encodeMarker, MarkerKind, MarkerParser, SECRET_LENGTH } from '../../kernel/output/marker.ts'

const secret = randomBytes(SECRET_LENGTH)
const payload = randomBytes(5000)
const stream = Buffer.concat([
  encodeHello(secret),
  Buffer.from('before'),
  ...encodeMarker(secret, MarkerKind.owner, Buffer.from('{}')),
  Buffer.from('\u001b between 你好'),
  ...encodeMarker(secret, MarkerKind.event, payload),
  ...encodeMarker(secret, MarkerKind.fence, Buffer.alloc(4)),
  Buffer.from('after\u001b')
])

/** What a parser makes of a stream that arrives in pieces of one size. */
function parse(bytes: Buffer, size: number): string[] {
  const parser = new MarkerParser()
  const seen: string[] = []
  const take = (part: { type: string; kind?: number; bytes?: Buffer; payload?: Buffer }) => {
    const last = seen.at(-1)
    if (part.type === 'marker') seen.push(`<${part.kind}:${part.payload?.toString('hex')}>`)
    else if (last === undefined || last.startsWith('<')) seen.push(part.bytes?.toString('latin1') ?? '')
    else seen[seen.length - 1] = last + part.bytes?.toString('latin1')
  }
  for (let offset = 0; offset < bytes.length; offset += size) for (const part of parser.push(bytes.subarray(offset, offset + size))) take(part)
  for (const part of parser.end()) take(part)
  return seen
}

const expected = [
  'before',
  `<0:${Buffer.from('{}').toString('hex')}>`,
  Buffer.from('\u001b between 你好').toString('latin1'),
  `<1:${payload.toString('hex')}>`,
  '<2:00000000>',
  'after\u001b'
]

for (const size of [1, 2, 7, 16, 23, 100, 2048, 65536]) {
  test(`markers and output come apart again in pieces of ${size} bytes`, () => assert.deepEqual(parse(stream, size), expected))
}

test('a stream without a hello is all output', () => assert.deepEqual(parse(Buffer.from('node: bad option: --nope\n'), 5), ['node: bad option: --nope\n']))

test('a marker with another secret is output', () => {
  const [forged] = encodeMarker(randomBytes(SECRET_LENGTH), MarkerKind.fence, Buffer.alloc(4)) as [Buffer]
  assert.deepEqual(parse(Buffer.concat([encodeHello(secret), forged]), 9), [forged.toString('latin1')])
})

test('a marker cut off by the end of the stream is not output', () => {
  const [piece] = encodeMarker(secret, MarkerKind.owner, Buffer.from('{"cell":"x"}')) as [Buffer]
  assert.deepEqual(parse(Buffer.concat([encodeHello(secret), Buffer.from('x'), piece.subarray(0, -3)]), 1000), ['x'])
})

test('a marker that an interrupt cut between its pieces leaves the next one whole', () => {
  const [first] = encodeMarker(secret, MarkerKind.event, payload) as [Buffer]
  const bytes = Buffer.concat([encodeHello(secret), first, ...encodeMarker(secret, MarkerKind.fence, Buffer.alloc(4))])
  assert.deepEqual(parse(bytes, 1000), ['<2:00000000>'])
})
