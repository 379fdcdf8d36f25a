import { typeOfParameter } from '../magics/parameters.ts'
import { cellFacts, roughFacts, type CellFacts } from '../language/cell-facts.ts'
import { startsWithBrace } from '../language/typescript.ts'
import { parseMagics, type WrittenMagic } from '../magics/parse.ts'
import { table } from '../magics/table.ts'

/** A cell as TypeScript sees it. Its lines and columns are those of the cell. */
export interface TypedCell {
  readonly facts: CellFacts
  /** What the cell has beside the notebook's names. */
  readonly given: string
  /** What comes right before the cell and right after it, to read an object literal as one. */
  readonly around: readonly [string, string]
  /** Variables of the notebook that the magic assigns. */
  readonly assigned: readonly string[]
  /** Whether its names are its own, as in a worker. */
  readonly isLocal: boolean
}

/** Cells beyond so many UTF-16 code units are data, whose types nobody waits for. */
const LONGEST = 200_000

/** A whole cell; undefined for what is no TypeScript. */
export function readCell(code: string): TypedCell | undefined {
  const { body, ...magic } = withoutMagics(code)
  if (body === undefined || body.length > LONGEST) return undefined
  const facts = cellFacts(body)
  if (facts) return { ...magic, facts, around: ['', ''] }
  const isObject = startsWithBrace.test(body) && cellFacts(`(${body}\n)`)
  return isObject ? { ...magic, facts: { ...isObject, source: body }, around: ['(', '\n)'] } : undefined
}

/** Code that is being written. */
export function readUnfinished(code: string): TypedCell | undefined {
  const { body, ...magic } = withoutMagics(code)
  if (body === undefined || body.length > LONGEST) return undefined
  return { ...magic, facts: roughFacts(body), around: ['', ''] }
}

/** Whether an offset is on the line of a magic, which is no TypeScript. */
export function isInMagic(code: string, offset: number): boolean {
  const { lines = [], cell } = parseMagics(code) ?? {}
  return [...lines, ...(cell ? [cell] : [])].some(({ start, end }) => start <= offset && offset <= end)
}

type Magic = Pick<TypedCell, 'given' | 'assigned' | 'isLocal'>

const noMagic: Magic = { given: '', assigned: [], isLocal: false }
const WORKER = 'declare const rank: number, size: number;'

/** The lines of magics are blank, so that all others keep their numbers. */
function withoutMagics(code: string): Magic & { readonly body: string | undefined } {
  const { cell, lines, rest } = parseMagics(code) ?? { cell: undefined, lines: [], rest: code }
  const body = lines.reduce((text, line) => (runsItsText.has(line.name) ? withText(text, line, code) : text), rest)
  if (!cell) return { ...noMagic, body }
  const entry = table.get(cell.name)
  // Magics that a cell has made are known to the session alone: what follows one may be anything.
  if (!entry || entry.isText) return { ...noMagic, body: undefined }
  const [, out] = /--out[\s=]+([\p{ID_Continue}$]+)/u.exec(cell.text) ?? []
  const assigned = out === undefined ? [] : [out]
  return { body, assigned, given: entry.usesWorkers ? WORKER + parametersOf(cell.text) : '', isLocal: entry.usesWorkers ?? false }
}

/** What `--interact` gives to the cell. */
function parametersOf(text: string): string {
  if (!/(^|\s)--interact(\s|$)/.test(text)) return ''
  const written = text.matchAll(/(?<=^|\s)([\p{ID_Start}$_][\p{ID_Continue}$]*)=("[^"]*"|'[^']*'|\S*)/gu)
  return [...written].map(([, name, value = '']) => ` declare const ${name}: ${typeOfParameter(value.replace(/^["']|["']$/g, ''))};`).join('')
}

/** Magics of a line whose text is TypeScript. */
const runsItsText = new Set(['time'])

function withText(body: string, { text, start, end }: WrittenMagic, code: string): string {
  const from = code.slice(start, end).lastIndexOf(text) + start
  return body.slice(0, from) + text + body.slice(from + text.length)
}
