import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toCodePoints, toCodeUnits } from '../../kernel/dispatch/positions.ts'

/** A text, a position in code points and the same in UTF-16 code units. */
const POSITIONS: readonly [text: string, codePoints: number, codeUnits: number][] = [
  ['', 0, 0],
  ['abc', 2, 2],
  ['变量', 1, 1],
  ['😀.x', 1, 2],
  ['😀😀.x', 3, 5],
  ['a😀\n😀b', 5, 7]
]

for (const [text, codePoints, codeUnits] of POSITIONS) {
  test(`${codePoints} code points of ${JSON.stringify(text)} are ${codeUnits} code units`, () => {
    assert.equal(toCodeUnits(text, codePoints), codeUnits)
    assert.equal(toCodePoints(text, codeUnits), codePoints)
  })
}

test('beyond the end means the end', () => {
  assert.equal(toCodeUnits('😀', 9), 2)
  assert.equal(toCodePoints('😀', 9), 1)
})
