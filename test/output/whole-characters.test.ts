import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { WholeCharacters } from '../../kernel/output/whole-characters.ts'

/** What comes out when the bytes come in pieces of this length. */
function cut(bytes: Buffer, length: number): Buffer[] {
  const characters = new WholeCharacters()
  const pieces = Array.from({ length: Math.ceil(bytes.length / length) }, (_, i) => bytes.subarray(i * length, (i + 1) * length))
  return pieces.map(piece => characters.write(piece))
}

describe('bytes that are cut anywhere', () => {
  for (const text of ['plain', 'é', 'größer', '你好', 'a😀b', '😀😀😀', 'mixed é 你 😀 end']) {
    test(`"${text}" ends with whole characters, and nothing of it is lost`, () => {
      const bytes = Buffer.from(text)
      for (let length = 1; length <= bytes.length; length++) {
        const pieces = cut(bytes, length)
        assert.equal(pieces.map(String).join(''), text, `pieces of ${length}`)
      }
    })
  }

  test('what is no UTF-8 is not kept back for long', () => {
    for (const bytes of [[0xff, 0xfe], [0x80, 0x80, 0x80, 0x80], [0xe4, 0x41], [0xc3, 0xc3, 0x41]]) {
      assert.deepEqual(Buffer.concat(cut(Buffer.from([...bytes, 0x0a]), 1)), Buffer.from([...bytes, 0x0a]))
    }
  })
})
