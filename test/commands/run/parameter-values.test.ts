import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parseNotebook } from '../../../kernel/commands/run/parse.ts'
import { checkParameters, readAssignment, withParameters } from '../../../kernel/commands/run/parameters.ts'
import { notebookOf } from './small-notebook.ts'

const notebook = (source: string) => parseNotebook(notebookOf([{ source, tags: ['parameters'] }]), 'n.ipynb')
const fromLine = (declaration: string, text: string) => checkParameters(notebook(declaration), [readAssignment(`x=${text}`)]).get('x')
const fromFile = (declaration: string, data: unknown) => checkParameters(notebook(declaration), [{ name: 'x', place: 'p.yaml, x', value: { data } }]).get('x')

describe('the values of a parameter, as typed', () => {
  const cases: readonly (readonly [declaration: string, text: string, values: readonly unknown[]])[] = [
    ['const x = 5', '1,2,3', [1, 2, 3]],
    ['const x = -5', '1, 2', [1, 2]],
    ['const x: number = 5', '[1,2]', [1, 2]],
    ['const x = 5', '.5,1e3,-Infinity', [0.5, 1000, -Infinity]],
    ['const x = true', 'true,false', [true, false]],
    ["const x = 'a'", 'Ada,Bob', ['Ada', 'Bob']],
    ["const x = 'a'", 'Hello, world', ['Hello, world']],
    ["const x = 'a'", '"a,b"', ['a,b']],
    ["const x = 'a'", '"a,b",c', ['a,b', 'c']],
    ["const x = 'a'", '"', ['"']],
    ["const x = 'a'", '', ['']],
    ['const x = `a`', '007,true', ['007', 'true']],
    ["const x: 'a' | 'b,c' = 'a'", 'b,c', ['b,c']],
    ["const x: 'a' | 'b' = 'a'", 'a, b', ['a', 'b']],
    ['const x: number[] = []', '1,2,3', [[1, 2, 3]]],
    ['const x = [1]', '[1,2],[3]', [[1, 2], [3]]],
    ['const x: readonly string[] = []', 'a,b', [['a', 'b']]],
    ['const x: [number, string] = [1, "a"]', '2,b', [[2, 'b']]],
    ['const x: number | string = 1', '2,b', [2, 'b']],
    ['const x: number | null = null', 'null,1', [null, 1]],
    ['const x = {}', '{"a": [1, 2]}', [{ a: [1, 2] }]],
    ['const x = {}', '{"a": 1},{"b": 2}', [{ a: 1 }, { b: 2 }]],
    ['const x = 5n', '12345678901234567890,1n', [12345678901234567890n, 1n]],
    ['let x', '1,a', [1, 'a']],
    ['let x', '[1,2]', [[1, 2]]]
  ]
  for (const [declaration, text, values] of cases) test(`${declaration}: ${text}`, () => assert.deepEqual(fromLine(declaration, text), values))

  const wrong: readonly (readonly [declaration: string, text: string, message: RegExp])[] = [
    ['const x = 5', 'x', /^-p x=x: the notebook wants a number\.$/],
    ['const x = 5', '', /^-p x=: .*missing/],
    ['const x: number[] = []', '1,a', /wants number\[\], and a does not fit/],
    ['const x: [number, number] = [1, 2]', '1,2,3', /wants \[number, number\]/],
    ["const x: 'a' | 'b' = 'a'", 'a,c', /wants 'a' \| 'b', and c does not fit/],
    ['const x = 5', '[]', /the list is empty/],
    ["const x = 'a'", 'a,,b', /a value is missing beside a comma; a text that has one goes into quotes/]
  ]
  for (const [declaration, text, message] of wrong) test(`${declaration}: not ${text}`, () => assert.throws(() => fromLine(declaration, text), { name: 'UsageError', message }))
})

describe('the values of a parameter, from a file', () => {
  const cases: readonly (readonly [declaration: string, data: unknown, values: readonly unknown[]])[] = [
    ['const x = 5', [1, 2], [1, 2]],
    ['const x: number[] = []', [1, 2], [[1, 2]]],
    ['const x: number[] = []', [[1], [2]], [[1], [2]]],
    ["const x = 'a'", 'a,b', ['a,b']],
    ["const x = 'a'", [7, 'b'], ['7', 'b']],
    ['let x', [1, 'a'], [[1, 'a']]]
  ]
  for (const [declaration, data, values] of cases) test(`${declaration}: ${JSON.stringify(data)}`, () => assert.deepEqual(fromFile(declaration, data), values))

  test('not of another type', () => assert.throws(() => fromFile('const x = 5', [1, 'a']), { message: 'p.yaml, x: the notebook wants a number, and "a" does not fit.' }))
})

test('values become TypeScript that says the same', () => {
  const values = new Map<string, unknown>([['x', 5n], ['y', { ['__proto__']: 1, a: [Infinity, 'b'] }], ['z', [Number.NaN]]])
  const [, cell] = withParameters(notebook('const x: bigint = 1n, y = {}, z: number[] = []'), values).cells
  assert.equal(cell?.source, '// Parameters\nconst x: bigint = 5n\nconst y = { ["__proto__"]: 1, "a": [Infinity, "b"] }\nconst z: number[] = [NaN]')
})
