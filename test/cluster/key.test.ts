import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { readAddress } from '../../kernel/cluster/address.ts'
import { readKey } from '../../kernel/cluster/key.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const here = readAddress('redis://localhost')
const far = readAddress('redis://example.org')

describe('the key of a cluster', () => {
  test('is what is in the file, with or without an end of line', async () => {
    await using folder = await temporaryFolder()
    const [one, other] = [join(folder.path, 'one'), join(folder.path, 'other')]
    await Promise.all([writeFile(one, '0123456789abcdef'), writeFile(other, '0123456789abcdef\n')])
    assert.deepEqual(await readKey({ keyFile: one }, far), await readKey({ keyFile: other }, far))
  })

  test('its fingerprint tells keys apart and does not contain them', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'key')
    const fingerprints = new Set<string>()
    for (const text of ['0123456789abcdef', '0123456789abcdeg']) {
      await writeFile(file, text)
      const { fingerprint } = await readKey({ keyFile: file }, far)
      assert.ok(!fingerprint.includes(text.slice(0, 4)))
      fingerprints.add(fingerprint)
    }
    fingerprints.add((await readKey({ insecure: true }, here)).fingerprint)
    assert.equal(fingerprints.size, 3)
  })

  test('a short one is refused, and not repeated', async () => {
    await using folder = await temporaryFolder()
    const file = join(folder.path, 'key')
    await writeFile(file, 'hunter2\n')
    await assert.rejects(readKey({ keyFile: file }, far), ({ message }: Error) => /too short: 16 bytes/.test(message) && !message.includes('hunter2'))
  })

  for (const [story, options, says] of [
    ['no key at all', {}, /needs a key/],
    ['a file that is not there', { keyFile: '/nowhere/key' }, /\/nowhere\/key can't be read \(ENOENT\)/],
    ['none, by a Redis that others reach', { insecure: true }, /only by a Redis of this machine/]
  ] as const) {
    test(`${story}: refused, with what to do`, async () => {
      await assert.rejects(readKey(options, far), { name: 'UsageError', message: says })
      await assert.rejects(readKey(options, far), { message: /openssl rand -hex 32/ })
    })
  }
})
