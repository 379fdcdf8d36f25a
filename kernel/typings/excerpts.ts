import { commentBefore, endOf } from './statements.ts'

/**
 * The text of an interface with only those members that begin in a way, and the comments before them: large ones take long to
 * parse. Undefined where it has none, or isn't written on lines of their own.
 *
 * @example
 * excerpt('interface A {\n  f(): void\n  g(): void\n}', 'g\\(') // 'interface A {\n  g(): void\n}'
 */
export function excerpt(source: string, beginning: string): string | undefined {
  const head = headOf(source)
  const [, indent] = /\n([ \t]+)\S/.exec(source.slice(head?.length)) ?? []
  if (head === undefined || indent === undefined) return undefined
  // Where the end of a member isn't seen, the interface's own is no part of it.
  const text = source.slice(0, source.lastIndexOf('}'))
  const members = Array.from(text.matchAll(new RegExp(`^${indent}(?:${beginning})`, 'gm')), ({ index }) => {
    const comment = commentBefore(text, index)
    return `${comment && `${indent}/*${comment}*/\n`}${text.slice(index, endOf(text, index, indent.length)).trimEnd()}\n`
  })
  return members.length === 0 ? undefined : `${head}\n${members.join('')}}`
}

/** How it begins, with the bracket; undefined where more follows on the same line. */
export function headOf(source: string): string | undefined {
  return /^[^]*?\{[ \t]*$/m.exec(source)?.[0]
}
