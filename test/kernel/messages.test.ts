import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type RequestChannel, typeOf } from '../support/jupyter-client.ts'
import { ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)
const execute = { code: 'globalThis.harmed = true', silent: false }

// Frames that are no message of the protocol, or none of ours.
const broken: Readonly<Record<string, (kernel: RunningKernel) => readonly Uint8Array[]>> = {
  'an empty frame': () => [bytes('')],
  'no delimiter': () => [bytes('a'), bytes('b')],
  'the delimiter alone': () => [bytes('<IDS|MSG>')],
  'too few frames': ({ client }) => client.frames(client.header('execute_request'), execute).slice(0, 4),
  'no signature': ({ client }) => withFrame(client.frames(client.header('execute_request'), execute), 1, bytes('')),
  'a wrong signature': ({ client }) => withFrame(client.frames(client.header('execute_request'), execute), 1, bytes('0'.repeat(64))),
  'a signature of other content': ({ client }) => withFrame(client.frames(client.header('execute_request'), execute), 5, bytes('{"code":"globalThis.harmed = true"}')),
  'not JSON': ({ client }) => signed(client, ['{', '{}', '{}', '{}']),
  'JSON that is no object': ({ client }) => signed(client, ['null', '[]', '1', '"x"']),
  'a header without type': ({ client }) => client.frames({ msg_id: 'x' }, execute),
  'an unknown type': ({ client }) => client.frames(client.header('make_coffee_request'), {}),
  'a reply instead of a request': ({ client }) => client.frames(client.header('execute_reply'), { status: 'ok' }),
  'a type named like a method of objects': ({ client }) => client.frames(client.header('constructor'), {}),
  'not text': () => [bytes('<IDS|MSG>'), ...Array.from({ length: 5 }, () => Uint8Array.of(0xff, 0xfe, 0x00))]
}

describe('a message that is none is dropped and logged, and the next cell runs', () => {
  let kernel: RunningKernel
  before(async () => {
    kernel = await startKernel()
  })
  after(() => kernel[Symbol.asyncDispose]())

  for (const channel of ['shell', 'control', 'stdin'] as const satisfies readonly RequestChannel[]) {
    for (const [story, frames] of Object.entries(broken)) {
      test(`${story} on ${channel}`, async () => {
        const logged = kernel.log.lines.length
        await kernel.client.sendRaw(channel, frames(kernel))
        await kernel.log.waitForLine(logged)
        assert.match(kernel.log.lines[logged] ?? '', /^\[paracell\] /)
        assert.equal(valueOf(await ran(kernel.client, 'typeof harmed')), "'undefined'")
      })
    }
  }

  test('the same message twice runs once', async () => {
    const header = kernel.client.header('execute_request')
    const frames = kernel.client.frames(header, { code: 'globalThis.runs = (globalThis.runs ?? 0) + 1', silent: false })
    await kernel.client.sendRaw('shell', frames)
    await kernel.client.sendRaw('shell', frames)
    assert.equal(valueOf(await ran(kernel.client, 'runs')), '1')
  })

  test('a comm for a target that nobody knows is closed', async () => {
    const { messages } = await kernel.client.notify('comm_open', { comm_id: 'c1', target_name: 'nowhere', data: {} })
    const close = messages.find(message => typeOf(message) === 'comm_close')
    assert.deepEqual(close?.content, { comm_id: 'c1', data: {} })
    const { reply } = await kernel.client.request('comm_info_request', {})
    assert.deepEqual(reply.content, { status: 'ok', comms: {} })
  })

  for (const type of ['comm_msg', 'comm_close']) {
    test(`${type} on a comm that is not open harms nobody`, async () => {
      await kernel.client.notify(type, { comm_id: 'none', data: {} })
      await ran(kernel.client, '1')
    })
  }

  test('the heartbeat echoes while a cell blocks', async () => {
    const started = kernel.client.waitFor(message => message.content['text'] === 'runs\n')
    const running = kernel.client.execute('console.log("runs"); while (true) {}')
    await started
    assert.equal(await kernel.client.heartbeat('beat'), 'beat')
    const { reply } = await kernel.client.request('kernel_info_request', {}, { channel: 'control' })
    assert.equal(reply.content['status'], 'ok')
    await kernel.client.interrupt()
    await running
  })
})

for (const fields of [{ transport: 'tcp' }, { signature_scheme: 'hmac-sha512' }, { key: '' }] as const) {
  test(`a kernel over ${JSON.stringify(fields)}`, async () => {
    await using kernel = await startKernel({ connection: fields })
    assert.equal(valueOf(await ran(kernel.client, '6 * 7')), '42')
  })
}

function withFrame(frames: readonly Uint8Array[], index: number, frame: Uint8Array): readonly Uint8Array[] {
  return frames.with(index, frame)
}

function signed(client: RunningKernel['client'], parts: readonly string[]): readonly Uint8Array[] {
  const frames = parts.map(bytes)
  return [bytes('<IDS|MSG>'), bytes(client.sign(frames)), ...frames]
}
