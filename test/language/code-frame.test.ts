import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeFrame } from '../../kernel/language/code-frame.ts'

test('the line with carets below, and two before', () => {
  assert.equal(codeFrame('a\nb\nc\n\tlet x = y', 15, 16), '  2 | b\n  3 | c\n> 4 | \tlet x = y\n    | \t        ^')
})

test('of a long line only what is near', () => {
  const code = `${'-'.repeat(1000)}wrong${'+'.repeat(1000)}`
  const [shown = '', carets = ''] = codeFrame(code, 1000, 1005).split('\n')
  assert.match(shown, /^> 1 \| …-+wrong\++…$/)
  assert.ok(shown.length < 200)
  assert.equal(shown.indexOf('wrong'), carets.indexOf('^^^^^'))
  assert.match(codeFrame(`${'x'.repeat(500)}\ny`, 501).split('\n')[0] ?? '', /^ {2}1 \| x{160}…$/)
})
