import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../../kernel/errors.ts'
import { readMode, readModeLines } from '../../kernel/types/mode.ts'

test('lines that set the mode', () => {
  assert.deepEqual(readModeLines('%types strict\nx'), { code: '             \nx', mode: 'strict', asks: false })
  assert.deepEqual(readModeLines('%cd a\n%types off'), { code: '%cd a\n          ', mode: 'off', asks: false })
  assert.deepEqual(readModeLines('%types'), { code: '      ', mode: undefined, asks: true })
  assert.deepEqual(readModeLines('`\n%types off`'), { code: '`\n%types off`', mode: undefined, asks: false })
  assert.throws(() => readModeLines('%types loud'), (error: unknown) => error instanceof UsageError && /strict, warn, off or none, not "loud"/.test(error.message))
})

test('the mode of the environment', () => {
  assert.equal(readMode('off'), 'off')
  assert.equal(readMode(undefined), 'warn')
  assert.equal(readMode('nonsense'), 'warn')
})
