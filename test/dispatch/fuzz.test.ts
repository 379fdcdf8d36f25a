import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Seeded } from '../support/seeded.ts'
import { startKernel } from './running-kernel.ts'

const MESSAGES = 100_000
/** So many are on their way at once. */
const BATCH = 1000

const TYPES = [
  'execute_request', 'complete_request', 'inspect_request', 'history_request', 'is_complete_request', 'kernel_info_request', 'comm_info_request',
  'comm_open', 'comm_msg', 'comm_close', 'input_reply', 'interrupt_request', 'debug_request', 'create_subshell_request', 'delete_subshell_request',
  'list_subshell_request', 'connect_request', 'status', 'stream', '', '__proto__', 'constructor', 'no_such_request'
]
const FIELDS = [
  'code', 'cursor_pos', 'silent', 'store_history', 'user_expressions', 'allow_stdin', 'stop_on_error', 'detail_level', 'comm_id', 'target_name', 'data',
  'hist_access_type', 'output', 'raw', 'session', 'start', 'stop', 'n', 'pattern', 'unique', 'subshell_id', 'value', 'restart', 'command', '__proto__'
]
const VALUES: readonly unknown[] = [
  undefined, null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, '', 'x', '\0', '\ud800', 'é😀', 'print x', 'range', 'tail', 'search', [], [[]], {}, { a: { b: {} } },
  'x'.repeat(5000), ['x', 1, null], { __proto__: null, constructor: 1 }
]

/** What is done to the frames of a message: it stays signed only where nothing is. */
const DAMAGES: readonly ((frames: Uint8Array[], random: Seeded) => Uint8Array[])[] = [
  frames => frames,
  frames => frames,
  (frames, random) => frames.slice(random.below(frames.length)),
  (frames, random) => frames.slice(0, random.below(frames.length)),
  (frames, random) => frames.toSpliced(random.below(frames.length), 1),
  (frames, random) => frames.toSpliced(random.below(frames.length), 0, random.pick(frames)),
  (frames, random) => frames.with(random.below(frames.length), noise(random)),
  (frames, random) => frames.with(random.below(frames.length), Buffer.alloc(0)),
  (frames, random) => [noise(random), ...frames],
  frames => frames.toReversed(),
  frames => frames.map(frame => frame.slice(0, frame.length / 2))
]

test(`${MESSAGES.toLocaleString('en')} malformed messages: the kernel goes on`, async () => {
  const random = new Seeded(20_260)
  await using kernel = await startKernel({}, { validate: false })
  for (let sent = 0; sent < MESSAGES; sent += BATCH) {
    for (let i = 0; i < BATCH; i++) {
      const frames = kernel.client.frames(header(kernel.client.header(random.pick(TYPES)), random), fields(random), { parent: fields(random), metadata: fields(random) })
      void kernel.client.sendRaw(random.pick(['shell', 'control', 'stdin'] as const), random.pick(DAMAGES)(frames, random))
    }
    const { reply } = await kernel.client.request('kernel_info_request', {}, { channel: 'control' })
    assert.equal(reply.content['status'], 'ok')
    kernel.client.iopub.length = 0
  }
  // A cell that fails aborts those that wait behind it: this one comes when none waits.
  await kernel.client.request('kernel_info_request', {}, { channel: 'shell' })
  assert.equal((await kernel.client.execute('print still here')).stdout, 'still here\n')
  assert.equal(await kernel.client.heartbeat('beat'), 'beat')
})

function header(valid: Readonly<Record<string, unknown>>, random: Seeded): Record<string, unknown> {
  return random.below(2) === 0 ? valid : { ...valid, [random.pick(['msg_id', 'msg_type', 'session', 'username', 'date', 'version', 'subshell_id'])]: random.pick(VALUES) }
}

function fields(random: Seeded): Record<string, unknown> {
  return Object.fromEntries(Array.from({ length: random.below(6) }, () => [random.pick(FIELDS), random.pick(VALUES)]))
}

function noise(random: Seeded): Uint8Array {
  return Uint8Array.from({ length: random.below(40) }, () => random.below(256))
}
