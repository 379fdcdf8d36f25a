import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { readAddress } from '../../kernel/cluster/address.ts'

const addresses: readonly [url: string, shown: string, isLoopback: boolean][] = [
  ['redis://localhost', 'redis://localhost:6379', true],
  ['redis://127.0.0.1:7000', 'redis://127.0.0.1:7000', true],
  ['redis://127.9.9.9', 'redis://127.9.9.9:6379', true],
  ['redis://[::1]:6380/', 'redis://[::1]:6380', true],
  ['redis://:secret@10.0.0.5:6379/2', 'redis://10.0.0.5:6379/2', false],
  ['rediss://user:secret@redis.example.org', 'rediss://redis.example.org:6379', false],
  ['redis://127.0.0.1.example.org', 'redis://127.0.0.1.example.org:6379', false],
  ['redis://localhost@example.org', 'redis://example.org:6379', false]
]

describe('the address of a Redis', () => {
  for (const [url, shown, isLoopback] of addresses) {
    test(`${shown} is shown without a password`, () => {
      assert.deepEqual(readAddress(url), { url, shown, isLoopback })
    })
  }

  for (const wrong of ['', 'localhost:6379', 'http://localhost', 'redis://', 'secret']) {
    test(`"${wrong}" is none, and not repeated`, () => {
      assert.throws(() => readAddress(wrong), { name: 'UsageError', message: /redis:\/\/host:6379/ })
    })
  }
})
