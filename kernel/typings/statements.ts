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
  let heads: readonly Head[] | undefined
  return Array.from(beginningsOf(text, name), ({ index, indent, modifiers, kind }) => {
    const start = index + indent.length
    const abstract = modifiers.includes('abstract ') ? 'abstract ' : ''
    const source = abstract + text.slice(start + modifiers.length, endOf(text, start, indent.length)).replaceAll(`\n${indent}`, '\n')
    return { name, kind, source, comment: commentBefore(text, index), scope: indent === '' ? [] : scopeOf(text, index, indent.length, (heads ??= headsOf(text))) }
  })
}

interface Beginning {
  /** Of its line. */
  readonly index: number
  readonly indent: string
  readonly modifiers: string
  readonly kind: string
}

/** The lines by which a name is declared. The name is looked for, and only around it a pattern: most of a text has none. */
function* beginningsOf(text: string, name: string): Generator<Beginning> {
  for (const at of placesOf(text, name)) {
    if (text[at - 1] !== ' ' || /[\p{ID_Continue}$]/u.test(text.charAt(at + name.length))) continue
    const index = text.lastIndexOf('\n', at) + 1
    const [, indent = '', modifiers = '', kind] = BEGINNING.exec(text.slice(index, at - 1)) ?? []
    if (kind !== undefined) yield { index, indent, modifiers, kind }
  }
}

const BEGINNING = /^([ \t]*)((?:export |declare |default |abstract |async )*)(var|let|const|function|interface|class|namespace|type|enum|import)$/

/** The names that a file declares for all, as long as it is no module. */
export function globalsOf(text: string): ReadonlySet<string> {
  return new Set(Array.from(text.matchAll(GLOBAL), ([, name = '']) => name))
}

const GLOBAL = /^(?:declare |abstract |async )*(?:var|let|const|function|interface|class|namespace|type|enum) ([\p{ID_Start}$_][\p{ID_Continue}$]*)/gmu

/** Where the first line ends that is no deeper and completes something. */
export function endOf(text: string, start: number, indent: number): number {
  for (let from = start, end = 0; from < text.length; from = end + 1) {
    end = text.indexOf('\n', from)
    if (end < 0) return text.length
    const line = text.slice(from, end)
    if ((from === start || line.search(/\S/) <= indent) && /[;}]\s*$/.test(line)) return end
  }
  return text.length
}

export function commentBefore(text: string, index: number): string {
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
  const places = ['namespace ', 'module ', 'global '].flatMap(word => [...placesOf(text, word)])
  const lines = new Set(places.map(at => text.lastIndexOf('\n', at) + 1))
  return [...lines].toSorted((a, b) => b - a).flatMap(index => {
    HEAD.lastIndex = index
    const [found, indent = '', name = 'global'] = HEAD.exec(text) ?? []
    return found === undefined ? [] : { index, indent, name }
  })
}

const HEAD = /([ \t]*)(?:export |declare )*(?:(?:namespace|module) ("[^"]+"|'[^']+'|[\w$.]+)|global) \{/y

/** What a file refers to in lines like `/// <reference path="other.d.ts" />`. */
export function referencesOf(text: string, kind: 'lib' | 'path'): string[] {
  const words = `/// <reference ${kind}="`
  const places = [...placesOf(text, words)].filter(at => at === 0 || text[at - 1] === '\n')
  return places.map(at => text.slice(at + words.length, text.indexOf('"', at + words.length)))
}

/** A pattern would take longer to look for a word in a large text than the text to be read. */
function* placesOf(text: string, word: string): Generator<number> {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) yield at
}
