import assert from 'node:assert/strict'
import { test } from 'node:test'
import { History, type HistoryQuery } from '../../kernel/dispatch/history.ts'

const CELLS = ['const a = 1', 'a + 1', 'b*', 'a + 1', 'line 1\nline 2']
const QUERY: HistoryQuery =
  { access: 'tail', output: false, session: 0, start: 1, stop: undefined, n: undefined, pattern: '*', unique: false }

/** What is asked, and the lines that are found. */
const QUERIES: readonly [title: string, query: Partial<HistoryQuery>, lines: readonly number[]][] = [
  ['all', {}, [1, 2, 3, 4, 5]],
  ['the last two', { n: 2 }, [4, 5]],
  ['none', { n: 0 }, []],
  ['more than there are', { n: 100 }, [1, 2, 3, 4, 5]],
  ['a range without its end', { access: 'range', start: 2, stop: 4 }, [2, 3]],
  ['an open range', { access: 'range', start: 4 }, [4, 5]],
  ['a range of this session by number', { access: 'range', session: 1, start: 5 }, [5]],
  ['a range of another session', { access: 'range', session: -1 }, []],
  ['a pattern', { access: 'search', pattern: 'a*' }, [2, 4]],
  ['a pattern in the middle', { access: 'search', pattern: '*1*' }, [1, 2, 4, 5]],
  ['a pattern with one character', { access: 'search', pattern: 'a ? 1' }, [2, 4]],
  ['a pattern over lines', { access: 'search', pattern: 'line*2' }, [5]],
  ['a pattern with special characters', { access: 'search', pattern: 'a + ?' }, [2, 4]],
  ['a pattern that fits a part only', { access: 'search', pattern: 'a' }, []],
  ['unique cells', { access: 'search', pattern: 'a*', unique: true }, [4]],
  ['the last of many', { access: 'search', pattern: '*', n: 1 }, [5]]
]

for (const [title, query, lines] of QUERIES) {
  test(`finds ${title}`, () => {
    const entries = filled().find({ ...QUERY, ...query })
    assert.deepEqual(entries, lines.map(line => [1, line, CELLS[line - 1]]))
  })
}

test('gives results where asked', () => {
  const history = filled()
  history.addOutput(2, '2')
  const entries = history.find({ ...QUERY, output: true, n: 4 })
  assert.deepEqual(entries.slice(0, 2), [[1, 2, ['a + 1', '2']], [1, 3, ['b*', null]]])
})

function filled(): History {
  const history = new History()
  for (const [index, cell] of CELLS.entries()) history.add(index + 1, cell)
  return history
}
