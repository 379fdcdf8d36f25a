import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { serve } from '../../kernel/dispatch/serve.ts'
import { UsageError } from '../../kernel/errors.ts'
import { temporaryConnection } from '../support/connection.ts'
import { JupyterClient, typeOf } from '../support/jupyter-client.ts'
import { ScriptedSession } from './scripted-session.ts'

const WATCHDOG = { timeout: 30_000 }

interface Serving extends AsyncDisposable {
  readonly process: ChildProcess
  readonly client: JupyterClient
  /** What the process printed and how it ended. */
  readonly outcome: Promise<{ stdout: string; stderr: string; code: number | null }>
}

const CLEAN = { stdout: 'served\n', stderr: '', code: 0 }

for (const transport of ['tcp', 'ipc'] as const) {
  test(`a kernel process over ${transport} serves, shuts down and leaves nothing behind`, WATCHDOG, async () => {
    await using serving = await start(transport)
    assert.equal((await serving.client.execute('print hello')).stdout, 'hello\n')
    const { messages } = await serving.client.shutdown()
    assert.deepEqual(messages.map(typeOf), ['status', 'shutdown_reply', 'status'])
    assert.deepEqual(await serving.outcome, CLEAN)
  })
}

test('SIGINT interrupts the cell', WATCHDOG, async () => {
  await using serving = await start()
  const started = serving.client.waitFor(message => typeOf(message) === 'execute_input')
  const cell = serving.client.execute('wait')
  await started
  serving.process.kill('SIGINT')
  assert.equal((await cell).reply.content['evalue'], 'interrupted')
  await serving.client.shutdown()
  assert.deepEqual(await serving.outcome, CLEAN)
})

for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  test(`${signal} ends the process in good order`, WATCHDOG, async () => {
    await using serving = await start()
    serving.process.kill(signal)
    assert.deepEqual(await serving.outcome, CLEAN)
  })
}

test('dropped messages are on stderr, a line each', WATCHDOG, async () => {
  await using serving = await start()
  await serving.client.sendRaw('shell', [Buffer.from('nonsense')])
  await serving.client.execute('print on')
  await serving.client.shutdown()
  const { stderr } = await serving.outcome
  assert.equal(stderr, '[paracell] A message on shell was dropped: no frame is the delimiter <IDS|MSG>.\n')
})

test('a wrong connection file ends the session that was started', WATCHDOG, async () => {
  const session = new ScriptedSession()
  await assert.rejects(serve('/nowhere/connection.json', () => session), UsageError)
  for await (const event of session.events) assert.fail(`The session still says ${event.type}`)
})

async function start(transport: 'tcp' | 'ipc' = 'ipc'): Promise<Serving> {
  const resources = new AsyncDisposableStack()
  const { file, connection } = resources.use(await temporaryConnection({ transport }))
  const entry = join(import.meta.dirname, 'serving.ts')
  const child = spawn(process.execPath, [entry, file], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PARACELL_HISTORY: 'off' } })
  resources.defer(() => void child.kill('SIGKILL'))
  const outcome = Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
    .then(([stdout, stderr, [code]]) => ({ stdout, stderr, code: code as number | null }))
  const client = resources.use(await JupyterClient.start(connection))
  return { process: child, client, outcome, [Symbol.asyncDispose]: () => resources.disposeAsync() }
}
