import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { excerpt } from '../../kernel/typings/excerpts.ts'
import { CALLED, MADE, membersOf, parentsOf } from '../../kernel/typings/members.ts'

const source = `interface Box<T> extends Thing<T>, Other {
    /** Calls. */
    (value: T): void;
    new (value: T): Box<T>;
    /** Gets get. */
    get(key: string): T;

    /**
     * Gets another.
     *     get(1)
     */
    get(
        key: number,
        other: { get(): void; },
    ): T;
    getter: { get: T; };
    readonly "quoted": string;
    inner: {
        deep: string;
    };
    last?: string
}`

const statement = (text: string) => ({ name: 'Box', kind: 'interface', source: text, comment: '', scope: [] })

const members: readonly (readonly [name: string, texts: readonly string[], comments: readonly RegExp[]])[] = [
  ['get', ['get(key: string): T;', 'get(\n        key: number,\n        other: { get(): void; },\n    ): T;'], [/Gets get/, /Gets another/]],
  ['getter', ['getter: { get: T; };'], [/^$/]],
  ['quoted', ['readonly "quoted": string;'], [/^$/]],
  ['inner', ['inner: {\n        deep: string;\n    };'], [/^$/]],
  ['last', ['last?: string'], [/^$/]],
  ['deep', [], []],
  [CALLED, ['(value: T): void;'], [/Calls/]],
  [MADE, ['new (value: T): Box<T>;'], [/^$/]]
]
describe('members of a large interface are read without the others', () => {
  for (const [name, texts, comments] of members) {
    test(name, () => {
      const found = membersOf(statement(source), name)
      assert.deepEqual(found.map(({ node, text }) => text.slice(node.start, node.end)), texts)
      for (const [index, comment] of comments.entries()) assert.match(found[index]?.comment ?? 'none', comment)
      assert.ok(found.every(({ owner }) => owner === 'Box<T>'))
    })
  }
})

test('the other members are left out', () => {
  assert.equal(excerpt(source, 'last'), 'interface Box<T> extends Thing<T>, Other {\n    last?: string\n}')
  assert.equal(excerpt(source, 'nothing'), undefined)
})

test('an interface on one line is read as a whole', () => {
  const [member] = membersOf(statement('interface Box { a: string; b(): void }'), 'b')
  assert.equal(member?.text.slice(member.node.start, member.node.end), 'b(): void')
})

test('what an interface extends', () => {
  assert.deepEqual(parentsOf(statement(source)), ['Thing', 'Other'])
  assert.deepEqual(parentsOf(statement('interface Box extends Thing { a: string }')), ['Thing'])
})
