import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type JupyterClient, streamText, typeOf } from '../support/jupyter-client.ts'
import type { WireMessage } from '../support/message-spec.ts'
import { errorOf, ran, type RunningKernel, startKernel, valueOf } from './running-kernel.ts'

type Fields = Readonly<Record<string, unknown>>

const isOf = (type: string, id: string) => (message: WireMessage): boolean => typeOf(message) === type && message.content['comm_id'] === id

async function openedIds(client: JupyterClient, header: Fields = {}): Promise<readonly string[]> {
  const { reply } = await client.request('comm_info_request', {}, { header })
  return Object.keys(reply.content['comms'] as object)
}

describe('comms', () => {
  let kernel: RunningKernel
  let client: JupyterClient
  before(async () => {
    kernel = await startKernel()
    client = kernel.client
    await ran(client, [
      "import { Comm } from 'paracell/widgets'",
      'var closings = []',
      "Comm.accept('echo', (comm, { data, buffers }) => {",
      '  if (data.fails) throw new RangeError("can not open")',
      '  comm.onMessage(({ data, metadata, buffers }) => comm.send({ data, bytes: buffers.map(each => [...each]) }, { metadata, buffers: [new Uint16Array([258])] }))',
      '  comm.onClose(({ data }) => closings.push(data))',
      '  comm.send({ opened: data, count: buffers.length })',
      '})'
    ].join('\n'))
  })
  after(() => kernel[Symbol.asyncDispose]())

  /** What the session answers on a comm that the front end opens. */
  async function open(id: string, target: string, data: Fields = {}, header: Fields = {}): Promise<readonly WireMessage[]> {
    const { messages } = await client.notify('comm_open', { comm_id: id, target_name: target, data }, { buffers: [Buffer.from([7])], header })
    return messages
  }

  test('a front end opens one for a target of the notebook, speaks, and closes it', async () => {
    const opened = client.waitFor(isOf('comm_msg', 'a'))
    await open('a', 'echo', { x: 1 })
    assert.deepEqual((await opened).content['data'], { opened: { x: 1 }, count: 1 })
    assert.deepEqual(await openedIds(client), ['a'])
    const answered = client.waitFor(isOf('comm_msg', 'a'))
    await client.notify('comm_msg', { comm_id: 'a', data: { y: 2 } }, { metadata: { m: 1 }, buffers: [Buffer.from([1, 2])] })
    const { content, metadata, buffers } = await answered
    assert.deepEqual([content['data'], metadata, buffers.map(each => [...each])], [{ data: { y: 2 }, bytes: [[1, 2]] }, { m: 1 }, [[2, 1]]])
    await client.notify('comm_close', { comm_id: 'a', data: { bye: 1 } })
    await ran(client, 'if (JSON.stringify(closings) !== JSON.stringify([{ bye: 1 }])) throw new Error(JSON.stringify(closings))')
    assert.deepEqual(await openedIds(client), [])
  })

  test('one whose handler fails is closed, and the error shown', async () => {
    const failed = client.waitFor(message => streamText([message], 'stderr').includes('can not open'))
    const closed = client.waitFor(isOf('comm_close', 'b'))
    await open('b', 'echo', { fails: true })
    assert.equal((await failed).parent_header['msg_type'], 'execute_request')
    await closed
    assert.deepEqual(await openedIds(client), [])
  })

  test('an error in a listener is shown in the cell of the listener, which goes on', async () => {
    const { id } = await ran(client, "var fragile = Comm.open('page'); fragile.onMessage(({ data }) => { if (data.bad) throw new Error('bad data'); fragile.send({ good: true }) }); console.log(fragile.id)")
    const comm = streamText(client.iopub, 'stdout').trim().split('\n').at(-1) as string
    const failed = client.waitFor(message => streamText([message], 'stderr').includes('bad data'))
    await client.notify('comm_msg', { comm_id: comm, data: { bad: true } })
    assert.equal((await failed).parent_header['msg_id'], id)
    const answered = client.waitFor(isOf('comm_msg', comm))
    await client.notify('comm_msg', { comm_id: comm, data: {} })
    assert.deepEqual((await answered).content['data'], { good: true })
    await ran(client, 'fragile.close()')
  })

  test('the notebook opens, loops over what is said, and hears of the end', async () => {
    const opening = client.waitFor(({ content }) => content['target_name'] === 'page2')
    const running = client.execute("var told = []; { using page = Comm.open('page2', { hello: 1 }); for await (const { data } of page.messages()) { told.push(data.n); if (data.n === 2) break } }; told")
    const { content } = await opening
    assert.deepEqual(content['data'], { hello: 1 })
    const { reply } = await client.request('create_subshell_request', {}, { channel: 'control' })
    const header = { subshell_id: reply.content['subshell_id'] }
    const comm = content['comm_id'] as string
    assert.deepEqual(await openedIds(client, header), [comm])
    for (const n of [1, 2]) await client.notify('comm_msg', { comm_id: comm, data: { n } }, { header })
    const execution = await running
    assert.ok(execution.messages.some(isOf('comm_close', comm)))
    assert.equal(valueOf(execution), '[ 1, 2 ]')
    assert.deepEqual(await openedIds(client), [])
  })

  test('a cell that runs again closes what it has opened', async () => {
    const metadata = { cellId: 'again' }
    const run = async () => client.request('execute_request', { code: "Comm.open('page3').id", silent: false, allow_stdin: false, store_history: true, user_expressions: {}, stop_on_error: true }, { metadata })
    await run()
    const [first] = await openedIds(client)
    const { messages } = await run()
    assert.ok(messages.some(isOf('comm_close', first as string)))
    assert.equal((await openedIds(client)).length, 1)
  })

  const wrong: readonly (readonly [cell: string, problem: RegExp])[] = [
    ["Comm.open('x', { a: 1n })", /The data of a comm is no JSON: .*BigInt/],
    ["Comm.open('x', {}, { buffers: ['text'] })", /The buffers of a comm are bytes, not 'text'/],
    ["Comm.open('')", /The target of a comm is the name/],
    ["Comm.accept('x')", /takes the name of a target and a function, not undefined/],
    ["const shut = Comm.open('x'); shut.close(); shut.close(); shut.send({})", /The comm for "x" is closed/],
    ["%%thread\nComm.open('x')", /Comms live in the notebook itself/],
    ["%%process\nComm.accept('x', () => undefined)", /Comms live in the notebook itself/]
  ]
  for (const [cell, problem] of wrong) {
    test(`told: ${cell}`, async () => assert.match(String(errorOf(await client.execute(cell))?.evalue), problem))
  }

  test('a target can be taken back', async () => {
    await ran(client, "{ using stop = Comm.accept('passing', comm => comm.send({})); void stop }")
    assert.ok((await open('c', 'passing')).some(isOf('comm_close', 'c')))
  })

  test('a session that died has left none', async () => {
    await open('d', 'echo')
    await client.execute('process.exit(1)')
    assert.deepEqual(await openedIds(client), [])
    assert.ok((await open('e', 'echo')).some(isOf('comm_close', 'e')))
  })
})
