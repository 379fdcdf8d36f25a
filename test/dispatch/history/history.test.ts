import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IN_MEMORY } from '../../../kernel/dispatch/history/file.ts'
import { History, type HistoryQuery } from '../../../kernel/dispatch/history/history.ts'
import { HistoryStore } from '../../../kernel/dispatch/history/store.ts'

const CELLS = ['const a = 1', 'a + 1', 'b*', 'a + 1', 'line 1\nline 2', 'c[0]']
const QUERY: HistoryQuery =
  { access: 'tail', output: false, session: 0, start: 1, stop: undefined, n: undefined, pattern: '*', unique: false }

/** What is asked, and the lines that are found. */
const QUERIES: readonly [title: string, query: Partial<HistoryQuery>, lines: readonly number[]][] = [
  ['all', {}, [1, 2, 3, 4, 5, 6]],
  ['the last two', { n: 2 }, [5, 6]],
  ['none', { n: 0 }, []],
  ['more than there are', { n: 100 }, [1, 2, 3, 4, 5, 6]],
  ['a range without its end', { access: 'range', start: 2, stop: 4 }, [2, 3]],
  ['an open range', { access: 'range', start: 4 }, [4, 5, 6]],
  ['a range of this session by number', { access: 'range', session: 1, start: 5 }, [5, 6]],
  ['a range of another session', { access: 'range', session: -1 }, []],
  ['a pattern', { access: 'search', pattern: 'a*' }, [2, 4]],
  ['a pattern in the middle', { access: 'search', pattern: '*1*' }, [1, 2, 4, 5]],
  ['a pattern with one character', { access: 'search', pattern: 'a ? 1' }, [2, 4]],
  ['a pattern over lines', { access: 'search', pattern: 'line*2' }, [5]],
  ['a pattern with special characters', { access: 'search', pattern: 'a + ?' }, [2, 4]],
  ['a pattern that fits a part only', { access: 'search', pattern: 'a' }, []],
  ['unique cells', { access: 'search', pattern: 'a*', unique: true }, [4]],
  ['a pattern with brackets', { access: 'search', pattern: 'c[0]*' }, [6]],
  ['the last of many', { access: 'search', pattern: '*', n: 1 }, [6]]
]

for (const [title, query, lines] of QUERIES) {
  test(`finds ${title}`, async () => {
    await using store = new HistoryStore(() => IN_MEMORY, assert.fail)
    const entries = await filled(store).find({ ...QUERY, ...query })
    assert.deepEqual(entries, lines.map(line => [1, line, CELLS[line - 1]]))
  })
}

test('gives results where asked', async () => {
  await using store = new HistoryStore(() => IN_MEMORY, assert.fail)
  const history = filled(store)
  history.addOutput(2, '2')
  const entries = await history.find({ ...QUERY, output: true, n: 5 })
  assert.deepEqual(entries.slice(0, 2), [[1, 2, ['a + 1', '2']], [1, 3, ['b*', null]]])
})

function filled(store: HistoryStore): History {
  const history = new History(store)
  for (const [index, cell] of CELLS.entries()) history.add(index + 1, cell)
  return history
}
