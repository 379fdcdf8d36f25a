import assert from 'node:assert/strict'
import { afterEach, test } from 'node:test'
import { Results } from '../../kernel/session/results.ts'

interface Offered {
  readonly In: readonly string[]
  readonly Out: Readonly<Record<number, unknown>>
  _: unknown
  __: unknown
  ___: unknown
}

const offered = globalThis as unknown as Offered
afterEach(() => ['In', 'Out', '_', '__', '___'].forEach(name => Reflect.deleteProperty(globalThis, name)))

test('cells and results by number, and the newest three by name', () => {
  const results = new Results()
  for (let count = 1; count <= 5; count++) {
    results.begin(count, `${count} * 10`)
    if (count !== 4) results.add(count, count * 10)
  }
  assert.deepEqual([offered._, offered.__, offered.___], [50, 30, 20])
  assert.deepEqual(Object.keys(offered.Out), ['1', '2', '3', '5'])
  assert.equal(offered.In[4], '4 * 10')
})

test('old ones are let go, and sooner when memory is short', () => {
  let isScarce = false
  const results = new Results(() => isScarce)
  for (let count = 1; count <= 250; count++) results.add(count, { count })
  assert.deepEqual(Object.keys(offered.Out), Array.from({ length: 100 }, (_, index) => String(index + 151)))
  isScarce = true
  results.add(251, {})
  assert.deepEqual(Object.keys(offered.Out), ['249', '250', '251'])
  assert.deepEqual(offered.___, { count: 249 })
})

test('who assigns to a name has it', () => {
  const results = new Results()
  offered._ = 'mine'
  results.add(1, 'value')
  assert.equal(offered._, 'mine')
  assert.equal(offered.__, undefined)
  assert.equal(offered.Out[1], 'value')
})
