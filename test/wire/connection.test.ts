import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { test } from 'node:test'
import { UsageError } from '../../kernel/errors.ts'
import { addressOf, readConnection } from '../../kernel/wire/connection.ts'
import { temporaryConnection } from '../support/connection.ts'

test('a connection file is read', async () => {
  await using place = await temporaryConnection({ transport: 'tcp', ip: '127.0.0.1', shell_port: 50_001, key: 'k' })
  const connection = await readConnection(place.file)
  assert.equal(connection.key, 'k')
  assert.equal(connection.hash, 'sha256')
  assert.equal(addressOf(connection, 'shell'), 'tcp://127.0.0.1:50001')
})

test('ipc addresses are files', async () => {
  await using place = await temporaryConnection({ transport: 'ipc', ip: 'folder/kernel', hb_port: 5 })
  assert.equal(addressOf(await readConnection(place.file), 'hb'), 'ipc://folder/kernel-5')
})

test('transport, ip and signature scheme have defaults', async () => {
  await using place = await temporaryConnection()
  await writeFile(place.file, field({}))
  const connection = await readConnection(place.file)
  assert.deepEqual([connection.transport, connection.ip, connection.hash], ['tcp', '127.0.0.1', 'sha256'])
})

/** The content of the file, and what the error says. */
const WRONG: readonly [content: string, message: RegExp][] = [
  ['', /not a JSON object/],
  ['{', /not a JSON object/],
  ['[]', /not a JSON object/],
  ['null', /not a JSON object/],
  [field({ transport: 'udp' }), /transport "udp"/],
  [field({ ip: 3 }), /"ip", not 3/],
  [field({ ip: '' }), /"ip", not ""/],
  [field({ key: undefined }), /"key"/],
  [field({ shell_port: undefined }), /"shell_port", not nothing/],
  [field({ hb_port: 0 }), /"hb_port", not 0/],
  [field({ iopub_port: 65_536 }), /"iopub_port", not 65536/],
  [field({ stdin_port: '5' }), /"stdin_port", not "5"/],
  [field({ control_port: 1.5 }), /"control_port", not 1.5/],
  [field({ signature_scheme: 'sha256' }), /signature_scheme "sha256"/],
  [field({ signature_scheme: 'hmac-nonsense' }), /signature_scheme "hmac-nonsense"/]
]

for (const [content, message] of WRONG) {
  test(`is refused by name: ${content.slice(-40) || 'an empty file'}`, async () => {
    await using place = await temporaryConnection()
    await writeFile(place.file, content)
    await assert.rejects(readConnection(place.file), error => {
      assert.ok(error instanceof UsageError)
      assert.match(error.message, message)
      assert.ok(error.message.includes(place.file))
      return true
    })
  })
}

test('a missing file is refused by name', async () => {
  await assert.rejects(readConnection('/nowhere/connection.json'), error => {
    assert.ok(error instanceof UsageError)
    assert.match(error.message, /\/nowhere\/connection\.json can't be read/)
    return true
  })
})

test('a folder is refused by name', async () => {
  await assert.rejects(readConnection(import.meta.dirname), UsageError)
})

function field(fields: Readonly<Record<string, unknown>>): string {
  const valid = { key: 'k', shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 }
  return JSON.stringify({ ...valid, ...fields })
}
