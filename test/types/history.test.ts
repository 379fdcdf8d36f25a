import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellFacts, type CellFacts } from '../../kernel/language/cell-facts.ts'
import { History } from '../../kernel/types/history.ts'

const facts = (source: string): CellFacts => cellFacts(source) as CellFacts

function historyOf(...cells: readonly string[]): History {
  const history = new History()
  for (const cell of cells) history.add(facts(cell))
  return history
}

test('cells share a module until a name is declared anew', () => {
  assert.equal(historyOf('let a = 1', 'const b = a', 'a + b').documents().length, 1)
  const [first, second, ...others] = historyOf('let a = 1', 'const b = a', 'let a = "x"', 'const c = a + b').documents()
  assert.match(first?.text ?? '', /let a = 1\n;\nconst b = a\n;export \{ a, b \}/)
  assert.match(second?.text ?? '', /^import \* as __cells1__ from '\.\/paracell-cells-1\.ts'; import b = __cells1__\.b;\nlet a = "x"\n;\nconst c = a \+ b/)
  assert.deepEqual(others, [])
})

test('what a module has imported is not declared in it', () => {
  const documents = historyOf('let a = 1; let b = 2', 'let b = 3; a', 'let a = 4').documents()
  assert.deepEqual(documents.map(({ name }) => name), ['paracell-cells-1.ts', 'paracell-cells-2.ts', 'paracell-cells-3.ts'].slice(-documents.length))
  assert.doesNotMatch(documents.at(-1)?.text ?? '', /declare let a/)
})

test('variables can be assigned to, and only what is used is given', () => {
  const history = historyOf('let a = 1; const b = 2; class C {}; type T = 1')
  const space = "import * as __cells1__ from './paracell-cells-1.ts';"
  assert.equal(history.header(facts('a = b'), 'check'), `${space} declare let a: typeof __cells1__.a; import b = __cells1__.b;`)
  assert.equal(history.header(facts('let a = 2; new C()'), 'check'), `${space} import C = __cells1__.C;`)
  assert.equal(history.header(facts('let a = 2'), 'complete').match(/import \w+ = /g)?.length, 3)
})

test('modules go when all their names are declared anew', () => {
  const history = new History()
  for (let run = 0; run < 500; run++) for (const cell of ['import fs from "node:fs"', 'let a = 1', 'function f() { return a }', 'f()']) history.add(facts(cell))
  assert.ok(history.documents().length <= 2, `${history.documents().length} modules`)
  assert.match(history.header(facts('f(a)'), 'check'), /import f = /)
})

test('many names need many modules, none of them long', () => {
  const history = historyOf(...Array.from({ length: 350 }, (_, index) => `const v${index} = ${index}`))
  assert.equal(history.documents().length, 4)
  assert.match(history.header(facts('v0 + v349'), 'check'), /paracell-cells-1.*paracell-cells-4/)
})

test('exports of cells, TSX, and additions to globals keep out of each other', () => {
  assert.equal(historyOf('export default 1; let a', 'export default 2; let b').documents().length, 2)
  assert.deepEqual(historyOf('const a = <b>x</b>', 'const b = <any>a').documents().map(({ name }) => name), ['paracell-cells-1.tsx', 'paracell-cells-2.ts'])
  assert.equal(historyOf('declare global { var g: number }', 'let a', 'let a').documents().length, 2)
  assert.doesNotMatch(historyOf('export const a = 1').documents()[0]?.text ?? '', /export \{ a/)
})
