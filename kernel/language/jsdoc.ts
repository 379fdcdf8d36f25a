/** A documentation comment, as Markdown. */
export interface JsDoc {
  /** What comes before the tags. */
  readonly summary: string
  readonly tags: string
  /** What is said of each parameter. */
  readonly parameters: ReadonlyMap<string, string>
}

/**
 * Reads what is between the marks of a documentation comment; its tags look as TypeScript shows them.
 *
 * @example
 * readJsDoc('* Adds.\n * @param a the first ') // { summary: 'Adds.', tags: '*@param* `a` — the first', … }
 */
export function readJsDoc(comment: string): JsDoc {
  const text = comment.replace(/^\*/, '').replace(/^[ \t]*\*[ \t]?/gm, '').replace(/\{@link\w*\s+([^\s|}]+)[\s|]*([^}]*)\}/g, (_, name: string, label: string) => label.trim() || name)
  const [summary = '', ...rest] = text.split(/^\s*(?=@\w)/m)
  const tags = rest.map(tag => readTag(tag.trim()))
  const parameters = tags.flatMap(({ tag, subject, text: said }) => (tag === 'param' ? [[subject, said] as const] : []))
  return { summary: summary.trim(), tags: tags.map(describeTag).join('\n\n'), parameters: new Map(parameters) }
}

interface Tag {
  readonly tag: string
  /** The parameter that it is about. */
  readonly subject: string
  readonly text: string
}

const aboutNames = new Set(['param', 'template', 'typeParam', 'property'])

function readTag(written: string): Tag {
  const [, tag = '', rest = ''] = /^@(\w+)\s*([^]*)$/.exec(written) ?? []
  if (!aboutNames.has(tag)) return { tag, subject: '', text: rest }
  const [, name = '', text = ''] = /^(?:\{[^}]*\}\s*)?(\[[^\]]*\]|\S*)\s*(?:-\s+)?([^]*)$/.exec(rest) ?? []
  return { tag, subject: name.replace(/^\[\s*|\s*(?:=[^]*)?\]$/g, ''), text }
}

function describeTag({ tag, subject, text }: Tag): string {
  const head = subject === '' ? `*@${tag}*` : `*@${tag}* \`${subject}\``
  if (text === '') return head
  if (tag !== 'example') return `${head} — ${text}`
  return `${head}\n${text.includes('```') ? text : `\`\`\`ts\n${text}\n\`\`\``}`
}
