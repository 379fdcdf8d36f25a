/** A word, mark or piece of text. Good for code that isn't finished, for which no parser has a tree. */
export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'regex' | 'comment' | 'mark'
  readonly text: string
  readonly start: number
  readonly end: number
  /** Whether the code ends inside of it, so that more characters would belong to it. */
  readonly open: boolean
}

/**
 * Splits TypeScript into tokens, white space left out. A template is several pieces of text, with the tokens of its
 * `${…}` between them. Never fails: what it doesn't know is a mark.
 */
export function tokenize(code: string): Token[] {
  const tokens: Token[] = []
  const braces: boolean[] = []
  let previous: Token | undefined
  for (let start = 0; start < code.length;) {
    const inTemplate = code[start] === '}' && braces.at(-1) === true
    const token = inTemplate ? read(code, start, 'text', patterns.template) : next(code, start, previous)
    start = token?.end ?? start + 1
    if (!token) continue
    if (token.text.endsWith('${') && token.kind === 'text') { if (!inTemplate) braces.push(true) }
    else if (inTemplate || token.text === '}') braces.pop()
    else if (token.text === '{') braces.push(false)
    tokens.push(token)
    if (token.kind !== 'comment') previous = token
  }
  return tokens
}

const patterns = {
  space: /\s+/y,
  comment: /\/\/.*|\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?/y,
  template: /[`}](?:[^`\\$]|\\[^]|\$(?!\{))*(?:`|\$\{)?/y,
  text: /'(?:[^'\\\n]|\\[^])*'?|"(?:[^"\\\n]|\\[^])*"?/y,
  number: /(?:0[xob][\da-f_]+|\d[\d_]*(?:\.[\d_]*)?(?:e[+-]?\d+)?|\.\d[\d_]*)n?/iy,
  name: /[#@]?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy,
  regex: /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y,
  mark: /\?\.(?!\d)|=>|[^]/y,
}

function next(code: string, start: number, previous: Token | undefined): Token | undefined {
  const space = match(patterns.space, code, start)
  if (space !== undefined) return undefined
  return read(code, start, 'comment', patterns.comment)
    ?? (code[start] === '`' ? read(code, start, 'text', patterns.template) : undefined)
    ?? read(code, start, 'text', patterns.text)
    ?? read(code, start, 'number', patterns.number)
    ?? read(code, start, 'name', patterns.name)
    ?? (mayBeRegex(previous) ? read(code, start, 'regex', patterns.regex) : undefined)
    ?? read(code, start, 'mark', patterns.mark)
}

function read(code: string, start: number, kind: Token['kind'], pattern: RegExp): Token | undefined {
  const text = match(pattern, code, start)
  if (text === undefined) return undefined
  const end = start + text.length
  return { kind, text, start, end, open: end === code.length && isOpen(kind, text) }
}

function match(pattern: RegExp, code: string, start: number): string | undefined {
  pattern.lastIndex = start
  return pattern.exec(code)?.[0]
}

function isOpen(kind: Token['kind'], text: string): boolean {
  if (kind === 'comment') return text.startsWith('//') || text.length < 4 || !text.endsWith('*/')
  if (kind !== 'text') return false
  const [quote] = text
  if (quote === '`' || quote === '}') return !text.endsWith('${') && !(text.length > 1 && text.endsWith('`'))
  return text.length < 2 || !text.endsWith(quote ?? '')
}

/** After a value a slash divides; elsewhere it begins a regular expression. */
function mayBeRegex(previous: Token | undefined): boolean {
  // `</` begins the end of an element.
  if (!previous || previous.kind === 'mark') return !previous || !/[)\]}<]/.test(previous.text)
  return previous.kind === 'name' && expectsValue.test(previous.text)
}

const expectsValue = /^(?:return|typeof|case|in|of|delete|void|throw|new|do|else|await|yield)$/
