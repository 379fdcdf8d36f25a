import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseNotebook } from '../../../kernel/commands/run/parse.ts'

test('an older notebook of format 4 gets ids and keeps the rest; outputs start anew', () => {
  const cells = [
    { cell_type: 'markdown', metadata: { a: 1 }, source: ['one\n', 'two'], attachments: { 'x.png': { 'image/png': 'iVBO' } } },
    { cell_type: 'code', id: 'mine', metadata: {}, source: '1', execution_count: 5, outputs: [{ output_type: 'stream', name: 'stdout', text: '1' }] },
  ]
  const { cells: [first, second], ...rest } = parseNotebook(JSON.stringify({ nbformat: 4, nbformat_minor: 2, metadata: { b: 2 }, cells }), 'n.ipynb')
  assert.match(first?.id ?? '', /^[0-9a-f]{8}$/)
  assert.deepEqual(first, { ...cells[0], id: first?.id, source: 'one\ntwo' })
  assert.deepEqual(second, { ...cells[1], execution_count: null, outputs: [] })
  const kernelspec = { display_name: 'TypeScript (Paracell)', language: 'typescript', name: 'paracell' }
  assert.deepEqual(rest, { nbformat: 4, nbformat_minor: 5, metadata: { b: 2, kernelspec } })
})
