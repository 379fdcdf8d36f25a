import assert from 'node:assert/strict'
import { test } from 'node:test'
import { JupyterClient, parentOf, streamText, typeOf } from '../support/jupyter-client.ts'
import type { Fields, WireMessage } from '../support/message-spec.ts'
import { startKernel } from './running-kernel.ts'

const WATCHDOG = { timeout: 30_000 }

test('a cell: busy, its input, its outputs in order, its reply, idle', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const code = 'print one\nwarn two\ndisplay\nresult 42\nprint three'
  const { reply, messages, outputs } = await kernel.client.execute(code)
  assert.deepEqual(messages.map(typeOf), [
    'status', 'execute_input', 'stream', 'stream', 'display_data', 'execute_result', 'stream', 'status'
  ])
  assert.deepEqual(messages[1]?.content, { code, execution_count: 1 })
  assert.deepEqual(outputs[3]?.content, { data: { 'text/plain': '42' }, metadata: {}, execution_count: 1 })
  assert.deepEqual(reply.content, { status: 'ok', execution_count: 1, user_expressions: {}, payload: [] })
})

test('displays can be updated, output cleared', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const { outputs } = await kernel.client.execute('display id-1\nupdate id-1\nclear wait\nclear')
  assert.deepEqual(outputs.map(output => [typeOf(output), output.content['transient'] ?? output.content['wait']]), [
    ['display_data', { display_id: 'id-1' }],
    ['update_display_data', { display_id: 'id-1' }],
    ['clear_output', true],
    ['clear_output', false]
  ])
})

test('a failed cell: the error on iopub and in the reply', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const { reply, outputs } = await kernel.client.execute('fail broken')
  const error = { ename: 'CellFailure', evalue: 'broken', traceback: ['CellFailure: broken'] }
  assert.deepEqual(outputs.map(output => output.content), [error])
  assert.deepEqual(reply.content, { status: 'error', execution_count: 1, ...error, user_expressions: {}, payload: [] })
})

test('a silent cell is neither counted, nor shown, nor remembered', WATCHDOG, async () => {
  await using kernel = await startKernel()
  await kernel.client.execute('print a')
  const silent = await kernel.client.execute('print b', { silent: true })
  assert.deepEqual(silent.messages.map(typeOf), ['status', 'stream', 'status'])
  assert.equal(silent.reply.content['execution_count'], 1)
  const next = await kernel.client.execute('print c')
  assert.equal(next.reply.content['execution_count'], 2)
  assert.deepEqual(await historyOf(kernel.client.request('history_request', TAIL)), [[1, 1, 'print a'], [1, 2, 'print c']])
})

test('a cell that is not stored has the next number and leaves it to the next cell', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const unstored = await kernel.client.execute('result 1', { store_history: false })
  const stored = await kernel.client.execute('result 2')
  assert.deepEqual([unstored, stored].map(({ reply }) => reply.content['execution_count']), [1, 1])
  assert.deepEqual(
    await historyOf(kernel.client.request('history_request', { ...TAIL, output: true })),
    [[1, 1, ['result 2', '2']]]
  )
})

test('user expressions come back with the reply', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const { reply } = await kernel.client.execute('print', { user_expressions: { sum: '1 + 1' } })
  assert.deepEqual(reply.content['user_expressions'], { sum: '1 + 1' })
})

test('a failure aborts the cells that came before it was known, later ones run', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const { client, session } = kernel
  const replies = await Promise.all([
    client.execute('fail first'),
    client.execute('print second'),
    client.request('kernel_info_request'),
    client.execute('print third')
  ])
  assert.deepEqual(replies.map(({ reply }) => reply.content['status']), ['error', 'aborted', 'ok', 'aborted'])
  assert.equal(replies[1]?.reply.content['execution_count'], 1)
  assert.deepEqual(replies[1]?.messages.map(typeOf), ['status', 'status'])
  const later = await client.execute('print later')
  assert.deepEqual([later.reply.content['status'], later.reply.content['execution_count']], ['ok', 2])
  assert.deepEqual(session.executed, ['fail first', 'print later'])
})

test('a failure of a cell that asks for it aborts nothing', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const options = { stop_on_error: false }
  const replies = await Promise.all([kernel.client.execute('fail', options), kernel.client.execute('print a', options)])
  assert.deepEqual(replies.map(({ reply }) => reply.content['status']), ['error', 'ok'])
})

test('cells run one after the other, in the order in which they were sent', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const codes = Array.from({ length: 20 }, (_, i) => `print ${i}`)
  const executions = await Promise.all(codes.map(code => kernel.client.execute(code)))
  assert.deepEqual(executions.map(({ stdout }) => stdout), codes.map(code => `${code.slice(6)}\n`))
  assert.deepEqual(kernel.session.executed, codes)
  const statuses = kernel.client.iopub.filter(message => typeOf(message) === 'status')
  // Whether the client hears of the start depends on how soon it has subscribed.
  const states = statuses.map(message => message.content['execution_state']).filter(state => state !== 'starting')
  assert.deepEqual(states, codes.flatMap(() => ['busy', 'idle']))
})

test('control answers while a cell runs; an interrupt ends it', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const { client } = kernel
  const started = client.waitFor(message => typeOf(message) === 'execute_input')
  const cell = client.execute('wait')
  await started
  const info = await client.request('kernel_info_request', {}, { channel: 'control' })
  assert.equal(info.reply.content['implementation'], 'paracell')
  const interrupt = await client.interrupt()
  assert.equal(interrupt.reply.content['status'], 'ok')
  const { reply } = await cell
  assert.deepEqual([reply.content['status'], reply.content['evalue']], ['error', 'interrupted'])
})

test('a cell asks the front end that runs it', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const asked: unknown[] = []
  kernel.client.onStdin = (prompt, password) => {
    asked.push([prompt, password])
    return prompt.toUpperCase()
  }
  const { stdout } = await kernel.client.execute('print before\nask name?\npassword secret?')
  assert.equal(stdout, 'before\nanswered NAME?\nanswered SECRET?\n')
  assert.deepEqual(asked, [['name?', false], ['secret?', true]])
})

test('an answer need not name its question', WATCHDOG, async () => {
  await using kernel = await startKernel()
  kernel.client.onStdin = async () => {
    await kernel.client.send('stdin', 'input_reply', { value: 'unnamed' })
    return undefined
  }
  assert.equal((await kernel.client.execute('ask name?')).stdout, 'answered unnamed\n')
})

test('the session is told when it must not ask', WATCHDOG, async () => {
  await using kernel = await startKernel()
  assert.equal((await kernel.client.execute('allowsStdin', { allow_stdin: false })).stdout, 'false')
  assert.equal((await kernel.client.execute('allowsStdin')).stdout, 'true')
})

test('late output goes to the cell that it belongs to', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const first = await kernel.client.execute('print first')
  const late = kernel.client.waitFor(message => message.content['text'] === 'late\n')
  const second = await kernel.client.execute(`printInto ${first.id}`)
  assert.equal(second.stdout, '')
  assert.equal(parentOf(await late), first.id)
})

test('output of an unknown cell goes to the newest one', WATCHDOG, async () => {
  await using kernel = await startKernel()
  assert.equal((await kernel.client.execute('printInto nobody\nprint own')).stdout, 'late\nown\n')
})

test('20 MB in 200,000 lines are few messages, nothing lost', WATCHDOG, async () => {
  await using kernel = await startKernel({ transport: 'tcp' })
  const { outputs, stdout } = await kernel.client.execute('flood 200000')
  assert.ok(outputs.length < 1000, `${outputs.length} messages`)
  assert.equal(stdout.length, 20_000_000)
  const lines = stdout.split('\n')
  assert.ok(lines.slice(0, -1).every((line, i) => line.startsWith(`${i}.`)))
})

test('a front end that reads slowly loses nothing', WATCHDOG, async () => {
  await using kernel = await startKernel({ transport: 'tcp' }, { iopubHighWaterMark: 1 })
  const resume = kernel.client.pauseOutput()
  const cell = await kernel.client.ask('execute_request', { code: 'flood 200000' })
  await cell.reply
  resume()
  await cell.idle
  assert.equal(streamText(cell.messages, 'stdout').length, 20_000_000)
})

test('comm messages reach the session with their buffers, and what they print is theirs', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const content = { comm_id: 'c1', target_name: 'test', data: { x: 1 } }
  const extras = { buffers: [Buffer.from([9])], metadata: { version: '2' } }
  const opened = await kernel.client.notify('comm_open', content, extras)
  await kernel.client.notify('comm_msg', { comm_id: 'c1', data: {} })
  await kernel.client.notify('comm_close', { comm_id: 'c1', data: {} })
  assert.deepEqual(opened.messages.map(typeOf), ['status', 'stream', 'status'])
  assert.equal(streamText(opened.messages, 'stdout'), 'comm open\n')
  assert.deepEqual(kernel.session.comms.map(({ kind }) => kind), ['open', 'msg', 'close'])
  const [comm] = kernel.session.comms
  assert.deepEqual([comm?.content, comm?.metadata, comm?.buffers], [content, { version: '2' }, [Buffer.from([9])]])
})

test('the session\'s comm messages reach the front end with metadata and buffers', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const { messages } = await kernel.client.execute('comm c2')
  const open = messages.find(message => typeOf(message) === 'comm_open') as WireMessage
  assert.deepEqual(open.content, { comm_id: 'c2', target_name: 'test', data: { value: 1 } })
  assert.deepEqual([open.metadata, open.buffers], [{ version: '2.1.0' }, [Buffer.from([1, 2, 3])]])
})

const COMPLETED = { status: 'ok', matches: ['console'], metadata: {} }
const inspected = (text: string) => ({ status: 'ok', data: { 'text/plain': text }, metadata: {} })
const TAIL = { hist_access_type: 'tail', output: false, raw: true, n: 10 }

/** Requests, and the content of their replies. */
const QUESTIONS: readonly [type: string, content: Fields, reply: Fields][] = [
  ['complete_request', { code: '😀con', cursor_pos: 4 }, { ...COMPLETED, cursor_start: 1, cursor_end: 4 }],
  ['complete_request', { code: 'con' }, { ...COMPLETED, cursor_start: 0, cursor_end: 3 }],
  ['complete_request', { code: 'die', cursor_pos: 0 }, {
    status: 'error', ename: 'SessionDied', traceback: [],
    evalue: 'The session ended: killed by SIGKILL. Its variables are gone; the next cell starts in a new session.'
  }],
  ['inspect_request', { code: 'x', cursor_pos: 1, detail_level: 1 }, { ...inspected('detail 1'), found: true }],
  ['inspect_request', { code: '', cursor_pos: 0 }, { ...inspected('detail 0'), found: false }],
  ['is_complete_request', { code: 'if (x) {' }, { status: 'incomplete', indent: '  ' }],
  ['is_complete_request', { code: 'x' }, { status: 'complete' }],
  ['comm_info_request', {}, { status: 'ok', comms: {} }],
  ['comm_info_request', { target_name: 'test' }, { status: 'ok', comms: {} }],
  ['history_request', TAIL, { status: 'ok', history: [] }]
]

for (const [type, content, expected] of QUESTIONS) {
  test(`${type} ${JSON.stringify(content)} is answered`, WATCHDOG, async () => {
    await using kernel = await startKernel()
    const { reply, messages } = await kernel.client.request(type, content)
    assert.deepEqual(reply.content, expected)
    assert.deepEqual(messages.map(message => message.content['execution_state']), ['busy', 'idle'])
  })
}

test('positions are code units for the session', WATCHDOG, async () => {
  await using kernel = await startKernel()
  await kernel.client.request('complete_request', { code: '😀con', cursor_pos: 2 })
  assert.deepEqual(kernel.session.questions, [{ type: 'complete', code: '😀con', offset: 3 }])
})

/** Requests that break the protocol, and what the reply says. */
const INVALID: readonly [type: string, content: Fields, evalue: string][] = [
  ['execute_request', {}, 'The field "code" must be a string, not nothing'],
  ['execute_request', { code: 1 }, 'The field "code" must be a string, not 1'],
  ['execute_request', { code: '', silent: 'no' }, 'The field "silent" must be true or false, not "no"'],
  ['execute_request', { code: '', user_expressions: { a: 1 } },
    'The field "user_expressions" must be an object of strings, not {"a":1}'],
  ['complete_request', { code: 'a', cursor_pos: 'end' }, 'The field "cursor_pos" must be an integer, not "end"'],
  ['inspect_request', { cursor_pos: 1 }, 'The field "code" must be a string, not nothing'],
  ['is_complete_request', {}, 'The field "code" must be a string, not nothing'],
  ['history_request', { hist_access_type: 'all' },
    'The field "hist_access_type" must be one of tail, range, search, not "all"'],
  ['comm_info_request', { target_name: [] }, 'The field "target_name" must be a string, not []']
]

for (const [type, content, evalue] of INVALID) {
  test(`${type} ${JSON.stringify(content)} gets an error, the next request works`, WATCHDOG, async () => {
    await using kernel = await startKernel()
    const { reply } = await kernel.client.request(type, content)
    const { status, ename, evalue: found } = reply.content
    assert.deepEqual({ status, ename, evalue: found }, { status: 'error', ename: 'InvalidContent', evalue })
    assert.equal((await kernel.client.execute('print fine')).stdout, 'fine\n')
  })
}

/** Messages that can't be answered: channel, type, content, what is logged. */
const DROPPED: readonly [channel: 'shell' | 'control' | 'stdin', type: string, content: Fields, line: RegExp][] = [
  ['shell', 'brew_request', {}, /"brew_request" on shell was dropped: this kernel does not know it/],
  ['control', 'toString', {}, /"toString" on control was dropped: this kernel does not know it/],
  ['shell', 'input_reply', { value: 'x' }, /"input_reply" on shell was dropped: no cell waits/],
  ['stdin', 'execute_request', { code: 'x' }, /"execute_request" on stdin was dropped: it has no place/],
  ['stdin', 'input_reply', { value: 'x' }, /"input_reply" on stdin was dropped: no cell waits/],
  ['stdin', 'input_reply', {}, /"input_reply" on stdin was dropped: The field "value"/],
  ['shell', 'comm_msg', { data: {} }, /comm_msg could not be handled: The field "comm_id"/]
]

for (const [channel, type, content, line] of DROPPED) {
  test(`${type} ${JSON.stringify(content)} on ${channel} is logged, the next request works`, WATCHDOG, async () => {
    await using kernel = await startKernel()
    await kernel.client.send(channel, type, content)
    await kernel.log.waitFor(line)
    assert.equal((await kernel.client.execute('print fine')).stdout, 'fine\n')
    assert.equal(kernel.log.lines.length, 1)
  })
}

for (const channel of ['shell', 'control', 'stdin'] as const) {
  test(`frames that aren't a message on ${channel} are logged, the next request works`, WATCHDOG, async () => {
    await using kernel = await startKernel()
    const { client, log } = kernel
    const frames = client.frames(client.header('execute_request'), { code: 'print evil' })
    await client.sendRaw(channel, [Buffer.from('x')])
    await client.sendRaw(channel, frames.with(1, Buffer.alloc(0)))
    await client.sendRaw(channel, frames.with(5, Buffer.from('{"code":"print worse"}')))
    await log.waitFor(/signature is wrong/)
    assert.equal((await client.execute('print fine')).stdout, 'fine\n')
    assert.deepEqual(log.lines.map(line => line.replace(/ on \w+/, '')), [
      'A message was dropped: no frame is the delimiter <IDS|MSG>.',
      'A message was dropped: it is not signed.',
      'A message was dropped: its signature is wrong.'
    ])
    assert.deepEqual(kernel.session.executed, ['print fine'])
  })
}

for (const restart of [false, true]) {
  test(`shutdown with restart ${restart} is answered on control and iopub, then all ends`, WATCHDOG, async () => {
    await using kernel = await startKernel()
    const { reply, messages } = await kernel.client.shutdown(restart)
    assert.deepEqual(reply.content, { status: 'ok', restart })
    assert.deepEqual(messages.map(typeOf), ['status', 'shutdown_reply', 'status'])
    await kernel.ended
  })
}

test('shutdown ends a running cell; what waits behind it does not run', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const { client, session } = kernel
  const started = client.waitFor(message => typeOf(message) === 'execute_input')
  for (const code of ['print a\nwait', 'print b']) await client.send('shell', 'execute_request', { code })
  await started
  await client.shutdown()
  await kernel.ended
  assert.deepEqual(session.executed, ['print a\nwait'])
})

test('a replaced session is logged; count and history go on', WATCHDOG, async () => {
  await using kernel = await startKernel()
  await kernel.client.execute('restart killed by SIGKILL')
  await kernel.log.waitFor(/replaced by a new one: killed by SIGKILL/)
  assert.equal((await kernel.client.execute('print on')).reply.content['execution_count'], 2)
})

test('two front ends: each gets its own replies, both see all outputs', WATCHDOG, async () => {
  await using kernel = await startKernel()
  await using other = await JupyterClient.start(kernel.connection)
  const seen = other.waitFor(message => message.content['text'] === 'mine\n')
  const [mine, theirs] = await Promise.all([kernel.client.execute('print mine'), other.execute('print theirs')])
  await seen
  assert.deepEqual([mine.stdout, theirs.stdout], ['mine\n', 'theirs\n'])
})

async function historyOf(answered: Promise<{ reply: WireMessage }>): Promise<unknown> {
  const { reply } = await answered
  return reply.content['history']
}
