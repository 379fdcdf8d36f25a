import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { Codec, type Frames, MalformedMessage } from '../../kernel/wire/codec.ts'
import { childOf, type Message } from '../../kernel/wire/messages.ts'

const KEYED = { key: 'secret', hash: 'sha256' }
const UNSIGNED = { key: '', hash: 'sha256' }
const DELIMITER = '<IDS|MSG>'

const request: Message = {
  ...childOf(undefined, 'execute_request', { code: 'const 变量 = "😀"' }),
  metadata: { cellId: 'a' },
  buffers: [Buffer.from([0, 255]), Buffer.alloc(0)],
  identities: [Buffer.from('client'), Buffer.from([0, 1, 2])]
}

const KEYS = { signed: KEYED, unsigned: UNSIGNED, 'signed with sha512': { key: 'x', hash: 'sha512' } }

for (const [title, key] of Object.entries(KEYS)) {
  test(`a message survives its way, ${title}`, () => {
    const frames = overTheWire(new Codec(key).encode(request))
    assert.deepEqual(new Codec(key).decode(frames), request)
  })
}

test('the signature is the HMAC of header, parent header, metadata and content', () => {
  const [, , , signature, ...rest] = overTheWire(new Codec(KEYED).encode(request))
  const hmac = createHmac('sha256', 'secret')
  for (const frame of rest.slice(0, 4)) hmac.update(frame)
  assert.equal(String(signature), hmac.digest('hex'))
})

test('a child has its parent\'s header and route, an id of its own and the protocol\'s version', () => {
  const child = childOf(request, 'execute_reply', { status: 'ok' })
  assert.deepEqual(child.parentHeader, request.header)
  assert.deepEqual(child.identities, request.identities)
  assert.notEqual(child.header.msg_id, request.header.msg_id)
  assert.equal(child.header.version, '5.5')
  assert.equal(new Date(child.header.date).toISOString(), child.header.date)
})

const signed = overTheWire(new Codec(KEYED).encode({ ...request, identities: [] }))
const foreign = overTheWire(new Codec({ ...KEYED, key: 'other' }).encode({ ...request, identities: [] }))
const header = JSON.stringify(request.header)

/** What is wrong, the frames, and what the error says. */
const MALFORMED: readonly [string, readonly Buffer[], MalformedMessage['problem'], RegExp][] = [
  ['no frames', [], 'short', /delimiter/],
  ['no delimiter', signed.slice(1), 'short', /delimiter/],
  ['a missing content', signed.slice(0, 5), 'short', /4 frames/],
  ['no signature', signed.with(1, Buffer.alloc(0)), 'signature', /not signed/],
  ['a signature of another key', foreign, 'signature', /wrong/],
  ['a truncated signature', signed.with(1, signed[1]?.subarray(1) ?? Buffer.alloc(0)), 'signature', /wrong/],
  ['a changed content', signed.with(5, Buffer.from('{"code":"evil"}')), 'signature', /wrong/],
  ['a changed metadata', signed.with(4, Buffer.from('{"evil":true}')), 'signature', /wrong/],
  ['a frame that isn\'t JSON', sign([header, '{}', '{}', '{"code":']), 'json', /JSON/],
  ['a content that isn\'t an object', sign([header, '{}', '{}', '[]']), 'json', /content is not an object/],
  ['a parent header that isn\'t an object', sign([header, '[]', '{}', '{}']), 'json', /parent_header is not an object/],
  ['a header without a type', sign(['{"msg_id":"1"}', '{}', '{}', '{}']), 'header', /msg_type/],
  ['a header that is null', sign(['null', '{}', '{}', '{}']), 'header', /msg_type/]
]

for (const [title, frames, problem, message] of MALFORMED) {
  test(`is refused: ${title}`, () => {
    assert.throws(() => new Codec(KEYED).decode(frames), error => {
      assert.ok(error instanceof MalformedMessage)
      assert.equal(error.problem, problem)
      assert.match(error.message, message)
      return true
    })
  })
}

test('the same signed message is taken once', () => {
  const codec = new Codec(KEYED)
  codec.decode(signed)
  assert.throws(() => codec.decode(signed), { name: 'MalformedMessage', problem: 'duplicate' })
})

test('a forged message doesn\'t make the true one a duplicate', () => {
  const codec = new Codec(KEYED)
  assert.throws(() => codec.decode(signed.with(5, Buffer.from('{}'))), { problem: 'signature' })
  assert.equal(codec.decode(signed).header.msg_id, request.header.msg_id)
})

test('only recent signatures are remembered', () => {
  const codec = new Codec(KEYED)
  codec.decode(signed)
  for (let i = 0; i < 65_536; i++) codec.decode(sign([header, '{}', '{}', `{"i":${i}}`]))
  assert.equal(codec.decode(signed).header.msg_id, request.header.msg_id)
})

test('unsigned messages may repeat and need no signature', () => {
  const codec = new Codec(UNSIGNED)
  const frames = overTheWire(codec.encode({ ...request, identities: [] }))
  assert.equal(String(frames[1]), '')
  codec.decode(frames)
  codec.decode(frames)
})

function sign(parts: readonly string[]): Buffer[] {
  const hmac = createHmac('sha256', 'secret')
  for (const part of parts) hmac.update(part)
  return [DELIMITER, hmac.digest('hex'), ...parts].map(part => Buffer.from(part))
}

function overTheWire(frames: Frames): Buffer[] {
  return frames.map(frame => Buffer.from(frame as Uint8Array))
}
