/** A declaration in the text of a declaration file. */
export interface Statement {
  readonly name: string
  readonly kind: string
  /** Without `export` and `declare`, its own lines at the left. */
  readonly source: string
  /** What is between the marks of the documentation comment before it. */
  readonly comment: string
  /** The namespaces that it is in, after the module where it is in one: `['"node:fs"', 'promises']`; of globals that a module adds, `['global']`. */
  readonly scope: readonly string[]
}

/**
 * The declarations of a name in the text of a file, overloads and all. They are found by how such files are indented, since they are
 * large: to parse one takes longer than anybody who asks would wait.
 *
 * @example
 * statementsOf('declare namespace A {\n  function f(): void\n}', 'f') // [{ name: 'f', kind: 'function', source: 'function f(): void', comment: '', scope: ['A'] }]
 */
export function statementsOf(text: string, name: string): Statement[] {
  if (!text.includes(` ${name}`)) return []
  let heads: readonly Head[] | undefined
  const pattern = new RegExp(`^([ \\t]*)((?:export |declare |default |abstract |async )*)(${KINDS}) ${RegExp.escape(name)}(?![\\p{ID_Continue}$])`, 'gmu')
  return [...text.matchAll(pattern)].map(({ index, 1: indent = '', 2: modifiers = '', 3: kind = '' }) => {
    const start = index + indent.length
    const abstract = modifiers.includes('abstract ') ? 'abstract ' : ''
    const source = abstract + text.slice(start + modifiers.length, endOf(text, start, indent.length)).replaceAll(`\n${indent}`, '\n')
    return { name, kind, source, comment: commentBefore(text, index), scope: indent === '' ? [] : scopeOf(text, index, indent.length, (heads ??= headsOf(text))) }
  })
}

const KINDS = 'var|let|const|function|interface|class|namespace|type|enum|import'

/** Where the first line ends that is no deeper and completes something. */
function endOf(text: string, start: number, indent: number): number {
  for (let from = start, end = 0; from < text.length; from = end + 1) {
    end = text.indexOf('\n', from)
    if (end < 0) return text.length
    const line = text.slice(from, end)
    if ((from === start || line.search(/\S/) <= indent) && /[;}]\s*$/.test(line)) return end
  }
  return text.length
}

function commentBefore(text: string, index: number): string {
  const before = text.slice(0, index).trimEnd()
  if (!before.endsWith('*/')) return ''
  const start = before.lastIndexOf('/**')
  return start < 0 ? '' : before.slice(start + 2, -2)
}

/** The namespaces and modules around a place; `?` for anything else that is around it. */
function scopeOf(text: string, index: number, indent: number, heads: readonly Head[]): string[] {
  const scope: string[] = []
  let depth = indent
  for (const head of heads) {
    if (head.index > index || head.indent.length >= depth || text.indexOf(`\n${head.indent}}`, head.index) < index) continue
    // More than one step deeper, something else is in between.
    if (depth - head.indent.length > STEP) scope.unshift('?')
    depth = head.indent.length
    scope.unshift(head.name)
    if (head.name === 'global') return scope
  }
  return depth > 0 ? ['?', ...scope] : scope
}

/** Columns by which files are indented at most. */
const STEP = 4

interface Head {
  readonly index: number
  readonly indent: string
  readonly name: string
}

/** Where namespaces and modules begin, the last first. */
function headsOf(text: string): Head[] {
  const heads = text.matchAll(/^([ \t]*)(?:export |declare )*(?:(?:namespace|module) ("[^"]+"|'[^']+'|[\w$.]+)|global) \{/gm)
  return Array.from(heads, ({ index, 1: indent = '', 2: name = 'global' }) => ({ index, indent, name })).toReversed()
}
