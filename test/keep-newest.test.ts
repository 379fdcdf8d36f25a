import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keepNewest } from '../kernel/keep-newest.ts'

test('of a Map and of a Set that grow by one, the newest stay', () => {
  const [map, set] = [new Map<number, string>(), new Set<number>()]
  for (let each = 0; each < 10; each++) {
    keepNewest(map.set(each, ''), 3)
    keepNewest(set.add(each), 3)
  }
  assert.deepEqual([...map.keys()], [7, 8, 9])
  assert.deepEqual([...set], [7, 8, 9])
})

test('nothing is forgotten that has room', () => {
  const map = new Map([['a', 1]])
  keepNewest(map, 1)
  assert.equal(map.size, 1)
})
