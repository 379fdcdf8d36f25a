import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { JupyterClient } from '../support/jupyter-client.ts'
import { typeOf } from '../support/jupyter-client.ts'
import { startKernel } from './running-kernel.ts'

const WATCHDOG = { timeout: 30_000 }
const CONTROL = { channel: 'control' } as const

test('subshells can be made, listed and deleted', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const [first, second] = [await create(kernel.client), await create(kernel.client)]
  assert.deepEqual(await list(kernel.client), [first, second])
  const { reply } = await kernel.client.request('delete_subshell_request', { subshell_id: first }, CONTROL)
  assert.deepEqual(reply.content, { status: 'ok' })
  assert.deepEqual(await list(kernel.client), [second])
})

test('a subshell answers while a cell of the main shell runs', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const header = { subshell_id: await create(kernel.client) }
  const begun = kernel.client.waitFor(message => typeOf(message) === 'stream')
  const running = kernel.client.execute('print begun\nwait')
  await begun
  const { reply } = await kernel.client.request('complete_request', { code: 'a', cursor_pos: 1 }, { header })
  assert.equal(reply.content['status'], 'ok')
  await kernel.client.notify('comm_msg', { comm_id: 'x', data: {} }, { header })
  await kernel.client.interrupt()
  await running
})

test('a cell of a subshell has its own number and history, and waits for the cell that runs', WATCHDOG, async () => {
  await using kernel = await startKernel()
  await kernel.client.execute('print main')
  const header = { subshell_id: await create(kernel.client) }
  const begun = kernel.client.waitFor(message => message.content['text'] === 'begun\n')
  const running = kernel.client.execute('print begun\nwait')
  await begun
  const aside = kernel.client.execute('print aside', { header })
  await kernel.client.interrupt()
  const [first, second] = await Promise.all([running, aside])
  assert.deepEqual([first, second].map(({ reply }) => reply.content['execution_count']), [2, 1])
  assert.equal(second.stdout, 'aside\n')
  const own = { output: false, raw: true, hist_access_type: 'range', session: 0 }
  const { reply } = await kernel.client.request('history_request', own, { header })
  assert.deepEqual(reply.content['history'], [[2, 1, 'print aside']])
})

test('what came to a subshell before it was deleted still runs', WATCHDOG, async () => {
  await using kernel = await startKernel()
  const subshell_id = await create(kernel.client)
  const begun = kernel.client.waitFor(message => message.content['text'] === 'begun\n')
  const running = kernel.client.execute('print begun\nwait', { header: { subshell_id }, stop_on_error: false })
  const queued = kernel.client.execute('print queued', { header: { subshell_id } })
  await begun
  await kernel.client.request('delete_subshell_request', { subshell_id }, CONTROL)
  await kernel.client.interrupt()
  await running
  assert.equal((await queued).stdout, 'queued\n')
})

for (const [type, channel] of [['delete_subshell_request', 'control'], ['complete_request', 'shell']] as const) {
  test(`a ${type} for a subshell that does not exist is an error`, WATCHDOG, async () => {
    await using kernel = await startKernel()
    const options = channel === 'shell' ? { header: { subshell_id: 'gone' } } : { channel }
    const { reply } = await kernel.client.request(type, { subshell_id: 'gone', code: '', cursor_pos: 0 }, options)
    assert.deepEqual([reply.content['status'], reply.content['ename']], ['error', 'UsageError'])
    assert.match(String(reply.content['evalue']), /There is no subshell "gone"/)
  })
}

async function create(client: JupyterClient): Promise<string> {
  const { reply } = await client.request('create_subshell_request', {}, CONTROL)
  return String(reply.content['subshell_id'])
}

async function list(client: JupyterClient): Promise<unknown> {
  const { reply } = await client.request('list_subshell_request', {}, CONTROL)
  return reply.content['subshell_id']
}
