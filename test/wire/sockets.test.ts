import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Dealer, Subscriber } from 'zeromq'
import { UsageError } from '../../kernel/errors.ts'
import { addressOf, readConnection } from '../../kernel/wire/connection.ts'
import { broadcastOf, childOf, type Message } from '../../kernel/wire/messages.ts'
import { openSockets, type Sockets } from '../../kernel/wire/sockets.ts'
import { type ConnectionFile, type TemporaryConnection, temporaryConnection } from '../support/connection.ts'
import { type ClientOptions, JupyterClient, typeOf } from '../support/jupyter-client.ts'

interface Opened extends AsyncDisposable {
  readonly sockets: Sockets
  readonly place: TemporaryConnection
  readonly log: string[]
}

for (const transport of ['tcp', 'ipc'] as const) {
  test(`heartbeats are echoed over ${transport}`, async () => {
    await using opened = await open({ transport })
    await using client = await JupyterClient.start(opened.place.connection)
    assert.equal(await client.heartbeat('ping'), 'ping')
    assert.equal(await client.heartbeat('again'), 'again')
  })
}

test('every subscriber is welcomed with what it subscribed to', async () => {
  await using opened = await open()
  const connection = await readConnection(opened.place.file)
  for (const topic of ['stream', 'stream', '']) {
    const subscriber = new Subscriber({ linger: 0 })
    subscriber.connect(addressOf(connection, 'iopub'))
    subscriber.subscribe(topic)
    const frames = await subscriber.receive()
    assert.deepEqual([String(frames[0]), String(frames[6])], [topic, JSON.stringify({ subscription: topic })])
    subscriber.close()
  }
})

test('who subscribes only after it has asked misses nothing of the answer, and is welcomed first', async () => {
  await using opened = await open()
  const connection = await readConnection(opened.place.file)
  const request = broadcastOf(undefined, 'execute_request', {})
  const publishing = Promise.all(['busy', 'idle'].map(execution_state => opened.sockets.publish(broadcastOf(request, 'status', { execution_state }))))
  const subscriber = new Subscriber({ linger: 0 })
  subscriber.connect(addressOf(connection, 'iopub'))
  subscriber.subscribe()
  const types: string[] = []
  for await (const frames of subscriber) if (types.push(String(JSON.parse(String(frames[3])).msg_type)) === 3) break
  await publishing
  assert.deepEqual(types, ['iopub_welcome', 'status', 'status'])
  subscriber.close()
})

test('a question reaches who connects only after it was asked', async () => {
  await using opened = await open()
  const connection = await readConnection(opened.place.file)
  await using client = await JupyterClient.start(opened.place.connection)
  const request = { ...broadcastOf(undefined, 'execute_request', {}), identities: [Buffer.from('late')] }
  const asking = opened.sockets.stdin.send(childOf(request, 'input_request', { prompt: '?', password: false }))
  // By then it was sent, had nobody been waited for.
  await client.heartbeat('ping')
  const dealer = new Dealer({ routingId: 'late', linger: 0 })
  dealer.connect(addressOf(connection, 'stdin'))
  const frames = await dealer.receive()
  assert.equal(JSON.parse(String(frames[2])).msg_type, 'input_request')
  await asking
  dealer.close()
})

test('nobody is waited for for ever, and not at all at the end', async () => {
  const request = broadcastOf(undefined, 'execute_request', {})
  {
    await using opened = await open()
    await opened.sockets.publish(broadcastOf(request, 'status', { execution_state: 'busy' }))
    await opened.sockets.publish(broadcastOf(undefined, 'status', { execution_state: 'idle' }))
  }
  const opened = await open()
  const unheard = opened.sockets.publish(broadcastOf(undefined, 'status', { execution_state: 'starting' }))
  await opened[Symbol.asyncDispose]()
  await unheard
})

test('many messages sent at once arrive in order', async () => {
  await using opened = await open()
  await using client = await JupyterClient.start(opened.place.connection)
  const last = client.waitFor(message => message.content['text'] === '4999')
  const sending = Array.from({ length: 5000 }, (_, i) =>
    opened.sockets.publish(broadcastOf(undefined, 'stream', { name: 'stdout', text: String(i) })))
  await Promise.all(sending)
  await last
  const streams = client.iopub.filter(message => typeOf(message) === 'stream')
  const numbers = streams.map(message => Number(message.content['text']))
  assert.deepEqual(numbers, Array.from({ length: 5000 }, (_, i) => i))
})

test('a slow reader gets everything in the end', async () => {
  await using opened = await open({ transport: 'tcp' })
  await using client = await start(opened, { iopubHighWaterMark: 10 })
  const resume = client.pauseOutput()
  const text = 'x'.repeat(10_000)
  const last = client.waitFor(message => message.content['text'] === 'end')
  for (let i = 0; i < 3000; i++) await opened.sockets.publish(broadcastOf(undefined, 'stream', { name: 'stdout', text }))
  await opened.sockets.publish(broadcastOf(undefined, 'stream', { name: 'stdout', text: 'end' }))
  resume()
  await last
  assert.equal(client.iopub.filter(message => message.content['text'] === text).length, 3000)
})

test('what was sent just before the sockets close still arrives', async () => {
  await using opened = await open()
  await using client = await start(opened)
  const last = client.waitFor(message => message.content['text'] === 'last')
  const sent = opened.sockets.publish(broadcastOf(undefined, 'stream', { name: 'stdout', text: 'last' }))
  await opened.sockets[Symbol.asyncDispose]()
  await Promise.all([sent, last])
})

test('a channel gives what arrived and replies to whoever asked', async () => {
  await using opened = await open()
  await using first = await start(opened)
  await using second = await start(opened)
  const serving = replyTo(opened.sockets, 2)
  const ask = (client: JupyterClient) => client.request('is_complete_request', { code: client.session })
  const replies = await Promise.all([first, second].map(ask))
  await serving
  assert.deepEqual(replies.map(({ reply }) => reply.content['indent']), [first.session, second.session])
})

test('a bad message is logged and dropped, the next one works', async () => {
  await using opened = await open()
  await using client = await start(opened)
  const valid = client.frames(client.header('is_complete_request'), { code: '' })
  await client.sendRaw('shell', [Buffer.from('nonsense')])
  await client.sendRaw('shell', valid.with(1, Buffer.from('0'.repeat(64))))
  await client.sendRaw('shell', valid)
  await client.sendRaw('shell', valid)
  const serving = replyTo(opened.sockets, 2)
  await client.request('is_complete_request', { code: '' })
  await serving
  assert.deepEqual(opened.log, [
    'A message on shell was dropped: no frame is the delimiter <IDS|MSG>.',
    'A message on shell was dropped: its signature is wrong.',
    'A message on shell was dropped: the same message arrived before.'
  ])
})

test('a taken address is named', async () => {
  await using opened = await open({ transport: 'tcp' })
  const connection = await readConnection(opened.place.file)
  await assert.rejects(openSockets(connection, () => undefined), error => {
    assert.ok(error instanceof UsageError)
    assert.match(error.message, /tcp:\/\/127\.0\.0\.1:\d+/)
    return true
  })
})

async function open(fields: Partial<ConnectionFile> = {}): Promise<Opened> {
  const place = await temporaryConnection(fields)
  const log: string[] = []
  const sockets = await openSockets(await readConnection(place.file), line => log.push(line))
  const dispose = async () => {
    await sockets[Symbol.asyncDispose]()
    await place[Symbol.asyncDispose]()
  }
  return { sockets, place, log, [Symbol.asyncDispose]: dispose }
}

async function start(opened: Opened, options?: ClientOptions): Promise<JupyterClient> {
  return JupyterClient.start(opened.place.connection, options)
}

// Answers requests with the code that they brought, and tells that the kernel is idle.
async function replyTo({ shell, publish }: Sockets, count: number): Promise<void> {
  const answer = async (message: Message) => {
    await shell.send(childOf(message, 'is_complete_reply', { status: 'unknown', indent: message.content['code'] }))
    await publish(broadcastOf(message, 'status', { execution_state: 'idle' }))
  }
  let answered = 0
  for await (const message of shell.messages) {
    await answer(message)
    if (++answered === count) return
  }
}
