import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { generate } from '../../tools/widget-models.ts'

test('the classes of widgets are those of the published schema', () => {
  const file = join(import.meta.dirname, '..', '..', 'kernel', 'widgets', 'models.generated.ts')
  assert.equal(readFileSync(file, 'utf8'), generate(), 'run node tools/widget-models.ts')
})
