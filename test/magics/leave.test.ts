import assert from 'node:assert/strict'
import { test } from 'node:test'
import { asksToLeave, saysLeave } from '../../kernel/magics/leave.ts'

test('words to leave a console', () => {
  for (const code of ['exit', 'quit', 'exit()', ' quit( ) ;\n']) assert.ok(saysLeave(code), code)
  for (const code of ['exit(1)', 'exitCode', 'const exit = 1', 'process.exit()', '']) assert.ok(!saysLeave(code), code)
})

test('a word that means something is no wish to leave', () => {
  assert.ok(asksToLeave('exit', new ReferenceError('exit is not defined')))
  assert.ok(!asksToLeave('exit', new TypeError('exit failed')))
  assert.ok(!asksToLeave('quit', undefined))
})
