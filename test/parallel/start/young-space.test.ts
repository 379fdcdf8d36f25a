import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getHeapSpaceStatistics } from 'node:v8'
import { makeRoom } from '../../../kernel/parallel/start/young-space.ts'

function isHalfFull(): boolean {
  const { space_used_size: used, space_available_size: available } = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')!
  return used > available
}

test('room is made for new objects when there is less than half of it, by means that nobody sees', () => {
  while (!isHalfFull()) Array.from({ length: 1000 }, (_, i) => ({ i }))
  makeRoom()
  assert.equal(isHalfFull(), false)
  assert.equal('gc' in globalThis, false)
})
