import assert from 'node:assert/strict'
import { test } from 'node:test'
import { uniqueId } from '../kernel/random.ts'

test('names that nothing else has are all different, however many', () => {
  const ids = Array.from({ length: 1000 }, uniqueId)
  assert.equal(new Set(ids).size, ids.length)
  for (const id of ids) assert.match(id, /^[0-9a-f]{32}$/)
})
