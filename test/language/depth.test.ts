import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { cellFacts } from '../../kernel/language/cell-facts.ts'
import { completeness } from '../../kernel/language/completeness.ts'
import { refuseTooDeep } from '../../kernel/language/depth.ts'
import { transformCell } from '../../kernel/language/transform.ts'

const modules = join(import.meta.dirname, '..', '..', 'node_modules')

/** Code of so many levels. */
const nestings: Readonly<Record<string, (depth: number) => string>> = {
  'brackets': depth => '('.repeat(depth) + '1' + ')'.repeat(depth),
  'arrays': depth => '['.repeat(depth) + ']'.repeat(depth),
  'blocks': depth => '{'.repeat(depth) + '}'.repeat(depth),
  'objects in brackets': depth => '({ a: '.repeat(depth) + '1' + ' })'.repeat(depth),
  'functions': depth => 'function f() {\n'.repeat(depth) + '}'.repeat(depth),
  'templates': depth => '`${'.repeat(depth) + '1' + '}`'.repeat(depth),
  'negations': depth => `${'!'.repeat(depth)}1`,
  'a sum': depth => `1${' + 1'.repeat(depth)}`,
  'members': depth => `a${'.b'.repeat(depth)}`,
  'conditions': depth => `${'1 ? 1 : '.repeat(depth)}1`,
  'else if': depth => `${'if (0) {} else '.repeat(depth)}{}`,
  'arrows': depth => `${'x => '.repeat(depth)}1`,
  'typeof': depth => `${'typeof '.repeat(depth)}1`,
  'types': depth => `let x: ${'Array<'.repeat(depth)}number${'>'.repeat(depth)}`,
  'types of several': depth => `let x: ${'Map<string, '.repeat(depth)}number${'>'.repeat(depth)}`,
  'types of types': depth => `let x: ${'keyof '.repeat(depth)}number`,
  'conditional types': depth => `type X<A> = ${'A extends 1 ? 1 : '.repeat(depth)}2`,
  'types that are not closed': depth => `let x: ${'A<'.repeat(depth)}`,
  'elements': depth => '<a>'.repeat(depth) + '</a>'.repeat(depth),
  'elements with text': depth => '<a href="b">some words'.repeat(depth) + '</a>'.repeat(depth),
  'elements in braces': depth => '<a>{'.repeat(depth) + '1' + '}</a>'.repeat(depth),
  'fragments': depth => '<>'.repeat(depth) + '</>'.repeat(depth),
  'elements that are not closed': depth => '<a>'.repeat(depth),
  'assertions': depth => `${'<any>'.repeat(depth)}1`,
  'loops': depth => `${'for (;0;) '.repeat(depth)}{}`,
  'loops and conditions': depth => `${'while (0) if (0) '.repeat(depth)}1`,
  'what is not closed': depth => '(['.repeat(depth)
}

for (const [story, nested] of Object.entries(nestings)) {
  test(`code that is nested too deeply is told before a parser sees it: ${story}`, () => {
    const code = nested(20_000)
    assert.throws(() => transformCell(code, { filename: 'cell-1.ts', form: 'session', constants: new Set() }), /^SyntaxError: The code is nested more than 2000 levels deep \(\d+:\d+\)/)
    assert.equal(cellFacts(code), undefined)
    assert.equal(completeness(code).status, 'invalid')
    assert.doesNotThrow(() => refuseTooDeep(nested(600)))
  })
}

const long: Readonly<Record<string, string>> = {
  'statements without semicolons': 'foo(a)\nbar.x = -1\nfunction f() { return 1 }\n'.repeat(5000),
  'an array of numbers': `[${'-1.5, '.repeat(20_000)}]`,
  'brackets in a string': `'${'([{'.repeat(5000)}'`,
  'elements side by side': `<ul>${'<li>one <b>item</b><br/></li>\n'.repeat(5000)}</ul>`,
  'types side by side': `${'const m: Map<string, Set<number>> = new Map<string, Set<number>>()\nif (m.size < 3) m.clear()\n'.repeat(5000)}`,
  'loops side by side': 'for (const a of b) if (a < 1) c(a)\nwhile (d) e()\nif (f) g()\nelse h()\n'.repeat(5000),
  'a class': `class A {\n${'  readonly a: Array<keyof B>\n'.repeat(5000)}}`,
  'a program of others': readFileSync(join(modules, 'commander', 'lib', 'command.js'), 'utf8'),
  'a minified program': readFileSync(join(modules, '@observablehq', 'plot', 'dist', 'plot.umd.min.js'), 'utf8')
}

for (const [story, code] of Object.entries(long)) test(`long code is not deep: ${story}`, () => assert.doesNotThrow(() => refuseTooDeep(code)))

test('what no count has found is still no RangeError', () => {
  const options = { filename: 'cell-1.ts', form: 'session', constants: new Set<string>() } as const
  assert.throws(() => transformCell('<a>'.repeat(2000) + '</a>'.repeat(2000), options), { name: 'SyntaxError' })
})
