import assert from 'node:assert/strict'
import { test } from 'node:test'
import { streamText, typeOf } from '../support/jupyter-client.ts'
import { errorOf, ran, startKernel, valueOf } from './running-kernel.ts'

// What Visual Studio Code's Jupyter extension sends to a kernel that it has started by its kernelspec. An interrupt on shell is none of the protocol's.
const CELL = { metadata: { cellId: 'vscode-notebook-cell:/home/user/a.ipynb#W0sZmlsZQ%3D%3D' } }
const content = (code: string) => ({ code, silent: false, stop_on_error: false, allow_stdin: true, store_history: true })

test('it starts, runs cells that others wait behind, and interrupts on shell', async () => {
  await using kernel = await startKernel({ client: { validate: false } })
  const { client } = kernel
  const info = await client.request('kernel_info_request')
  assert.equal((info.reply.content['language_info'] as { name: string }).name, 'typescript')
  const silent = await client.execute('', { silent: true, store_history: false, stop_on_error: true })
  assert.equal(silent.reply.content['status'], 'ok')

  const started = client.waitFor(message => streamText([message], 'stdout') === 'runs\n')
  const running = client.request('execute_request', content('let kept = 1; console.log("runs"); while (true) {}'), CELL)
  await started
  const next = client.request('execute_request', content('kept'), CELL)
  const { reply, messages } = await client.request('interrupt_request')
  assert.deepEqual([typeOf(reply), reply.content['status']], ['interrupt_reply', 'ok'])
  assert.equal(messages.length, 2)
  assert.equal((await running).reply.content['ename'], 'KeyboardInterrupt')
  assert.equal((await next).reply.content['status'], 'ok')
  assert.equal(valueOf(await ran(client, 'kept')), '1')
})

test('an interrupt on shell while nothing runs changes nothing', async () => {
  await using kernel = await startKernel({ client: { validate: false } })
  assert.equal((await kernel.client.request('interrupt_request')).reply.content['status'], 'ok')
  assert.equal(valueOf(await ran(kernel.client, '1 + 1')), '2')
})

test('who types exit in a console leaves it, unless the name means something', async () => {
  await using kernel = await startKernel({ client: { validate: false } })
  for (const code of ['exit', 'quit()']) {
    const { reply } = await ran(kernel.client, code)
    assert.deepEqual(reply.content['payload'], [{ source: 'ask_exit', keepkernel: false }])
  }
  assert.match(errorOf(await kernel.client.execute('exit + 1'))?.traceback ?? '', /exit is not defined/)
  await ran(kernel.client, 'const exit = 1')
  assert.equal(valueOf(await ran(kernel.client, 'exit')), '1')
})
