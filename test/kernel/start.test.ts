import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { paracell } from '../support/command.ts'
import { temporaryConnection } from '../support/connection.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const contents: readonly (readonly [story: string, content: string | undefined])[] = [
  ['is not there', undefined],
  ['is empty', ''],
  ['is not JSON', '{ "ip": '],
  ['is no object', '[1]'],
  ['lacks its ports', '{ "transport": "tcp", "ip": "127.0.0.1", "key": "k", "signature_scheme": "hmac-sha256" }'],
  ['has a port that is none', JSON.stringify({ ...wellFormed(), shell_port: 'http' })],
  ['has a port out of range', JSON.stringify({ ...wellFormed(), iopub_port: 70_000 })],
  ['has an unknown transport', JSON.stringify({ ...wellFormed(), transport: 'carrier-pigeon' })],
  ['has an unknown signature scheme', JSON.stringify({ ...wellFormed(), signature_scheme: 'hmac-rot13' })]
]

describe('a connection file that cannot be used: exit code 2 and one line that names it', () => {
  for (const [story, content] of contents) {
    test(`it ${story}`, async () => {
      await using folder = await temporaryFolder()
      const file = join(folder.path, 'connection.json')
      if (content !== undefined) await writeFile(file, content)
      const { exitCode, stderr, stdout } = await paracell(['kernel', file])
      assert.deepEqual([exitCode, stdout], [2, ''])
      assert.equal(stderr.split('\n').length, 1, stderr)
      assert.ok(stderr.includes(file), stderr)
    })
  }

  test('it is a folder', async () => {
    await using folder = await temporaryFolder()
    const { exitCode, stderr } = await paracell(['kernel', folder.path])
    assert.deepEqual([exitCode, stderr.split('\n').length], [2, 1])
  })

  test('it is not named at all', async () => {
    const { exitCode } = await paracell(['kernel'])
    assert.notEqual(exitCode, 0)
  })

  test('its address is in use', async () => {
    await using place = await temporaryConnection({ transport: 'tcp' })
    const taken = createServer().listen(place.connection.shell_port, '127.0.0.1')
    await once(taken, 'listening')
    const { exitCode, stderr } = await paracell(['kernel', place.file])
    taken.close()
    assert.deepEqual([exitCode, stderr.split('\n').length], [2, 1], stderr)
    assert.ok(stderr.includes(String(place.connection.shell_port)), stderr)
  })
})

function wellFormed(): object {
  return { transport: 'tcp', ip: '127.0.0.1', shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5, key: 'k', signature_scheme: 'hmac-sha256' }
}
