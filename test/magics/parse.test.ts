import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bodyOf } from '../../kernel/magics/magics.ts'
import { parseMagics } from '../../kernel/magics/parse.ts'

/** Cells, with their magics as `form name|text`, and what follows them. */
const CELLS: readonly [cell: string, magics: readonly string[], rest: string][] = [
  ['%jobs', ['%jobs|'], '     '],
  ['%jobs --watch\n1 + 1', ['%jobs|--watch'], '             \n1 + 1'],
  ['\n  %cd  a b \n\n%env X=1\nx', ['%cd|a b', '%env|X=1'], '\n           \n\n        \nx'],
  ['%%process -n 2\nrank', ['%%process|-n 2'], '              \nrank'],
  ['// says why\n%%process\nrank', ['%%process|'], '// says why\n         \nrank'],
  ['%cd x\n%%time\n%who\n1', ['%cd|x', '%%time|'], '     \n      \n%who\n1'],
  ['%time a\r\n1', ['%time|a'], '        \n1'],
  ['%', ['%|'], ' ']
]

for (const [cell, magics, rest] of CELLS) {
  test(`takes apart ${JSON.stringify(cell)}`, () => {
    const { lines, cell: whole, rest: left } = parseMagics(cell)!
    const found = [...lines, ...(whole ? [whole] : [])].map(({ form, name, text }) => `${form}${name}|${text}`)
    assert.deepEqual(found, magics)
    assert.equal(left, rest)
  })
}

for (const plain of ['', '\n', '1 % 2', 'x\n%jobs', '// %jobs', '`\n%jobs\n`', '/* */ x\n% y']) {
  test(`leaves ${JSON.stringify(plain)} alone`, () => {
    assert.equal(parseMagics(plain), undefined)
    assert.equal(bodyOf(plain), plain)
  })
}

test('the lines of a cell keep their places', () => {
  const cell = '// first\n%jobs\nconst x = 1\n%y'
  assert.equal(bodyOf(cell).indexOf('const x'), cell.indexOf('const x'))
})
