import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertValid, type ChannelName, type Fields } from './message-spec.ts'

const HEADER = { msg_id: '1', session: 's', username: 'u', date: '2026-01-02T03:04:05.678Z', version: '5.5' }
const ERROR = { status: 'error', ename: 'E', evalue: 'e', traceback: [] }

const VALID: readonly [channel: ChannelName, type: string, content: Fields][] = [
  ['iopub', 'status', { execution_state: 'idle' }],
  ['iopub', 'stream', { name: 'stdout', text: '' }],
  ['iopub', 'display_data', { data: { 'text/plain': 'a' }, metadata: {}, transient: {} }],
  ['shell', 'execute_reply', { status: 'ok', execution_count: 1, user_expressions: {}, payload: [] }],
  ['shell', 'execute_reply', { ...ERROR, execution_count: 1 }],
  ['shell', 'execute_reply', { status: 'aborted' }],
  ['shell', 'history_reply', { status: 'ok', history: [[1, 2, 'a'], [1, 3, ['b', null]]] }],
  ['control', 'debug_reply', { type: 'response', request_seq: 1, seq: 2, success: true, command: 'x', body: {} }],
  ['stdin', 'input_request', { prompt: '', password: false }]
]

const INVALID: readonly [channel: ChannelName, type: string, content: Fields, problem: RegExp][] = [
  ['iopub', 'status', { execution_state: 'asleep' }, /execution_state is "asleep"/],
  ['iopub', 'status', {}, /execution_state is missing/],
  ['iopub', 'status', { execution_state: 'idle', extra: 1 }, /extra is not a field/],
  ['shell', 'status', { execution_state: 'idle' }, /belongs on iopub/],
  ['iopub', 'display_data', { data: { text: 'a' }, metadata: {}, transient: {} }, /data is/],
  ['shell', 'execute_reply', { status: 'error', execution_count: 1 }, /ename is missing/],
  ['shell', 'history_reply', { status: 'ok', history: [[1, 'a']] }, /history is/],
  ['iopub', 'invented', {}, /doesn't send messages of type "invented"/]
]

for (const [channel, type, content] of VALID) {
  test(`is valid: ${type} ${JSON.stringify(content)}`, () => assertValid(channel, message(type, content)))
}

for (const [channel, type, content, problem] of INVALID) {
  test(`is refused on ${channel}: ${type} ${JSON.stringify(content)}`, () => {
    assert.throws(() => assertValid(channel, message(type, content)), error => {
      assert.ok(error instanceof assert.AssertionError)
      assert.match(`${error.message} ${JSON.stringify(error.actual)}`.replaceAll('\\"', '"'), problem)
      return true
    })
  })
}

test('a reply needs its parent, a header its date', () => {
  const valid = message('interrupt_reply', { status: 'ok' })
  assert.throws(() => assertValid('control', { ...valid, parent_header: {} }), assert.AssertionError)
  assert.throws(() => assertValid('control', { ...valid, header: { ...valid.header, date: 'today' } }), assert.AssertionError)
})

function message(type: string, content: Fields) {
  const header = { ...HEADER, msg_type: type }
  return { header, parent_header: header, metadata: {}, content, buffers: [] }
}
