import type { Completeness, Completion, Inspection } from '../session/protocol.ts'
import { grammarOf, isFree, usage } from './options.ts'
import { parseMagics, type WrittenMagic } from './parse.ts'
import { namesOf, table } from './table.ts'

/** Where a cursor is among the magics of a cell: on the line of one, or in what one takes as text. */
interface Place {
  readonly magic: WrittenMagic
  readonly isBody: boolean
}

/** Whether what is at the cursor is a magic's, and no TypeScript that could be asked about. */
export function isMagic(code: string, offset: number): boolean {
  return placeOf(code, offset) !== undefined
}

/**
 * What a magic's name, or one of its options, could become. Undefined where the cursor is in TypeScript, also in that
 * of a magic's line.
 */
export async function completeMagic(code: string, offset: number): Promise<Completion | undefined> {
  const place = placeOf(code, offset)
  if (!place) return undefined
  const { magic, isBody } = place
  if (isBody) return toCompletion([], 'text', offset, offset)
  const start = code.indexOf('%', magic.start)
  const prefix = code.slice(start, offset)
  if (!/\s/.test(prefix)) return toCompletion(namesLike(prefix), 'magic', start, offset)
  const loaded = await table.get(magic.name)?.load()
  if (!loaded || isFree(grammarOf(magic.form, loaded))) return undefined
  const [word = ''] = /\S*$/.exec(prefix) ?? []
  const options = Object.keys(loaded.options ?? {}).map(option => `--${option}`)
  return toCompletion(word === '' ? [] : options.filter(option => option.startsWith(word)), 'option', offset - word.length, offset)
}

/** What a magic does and how it is used. */
export async function inspectMagic(code: string, offset: number): Promise<Inspection | undefined> {
  const place = placeOf(code, offset)
  const entry = place && table.get(place.magic.name)
  if (!place || !entry) return undefined
  const { form, name, start } = place.magic
  const magic = await entry.load()
  const grammar = grammarOf(form, magic)
  const isInName = offset <= code.indexOf(name, start) + name.length
  if (place.isBody || (isFree(grammar) && !isInName)) return undefined
  const text = [magic.summary, usage(`${form}${name}`, grammar)].filter(Boolean).join('\n\n')
  return { found: true, data: { 'text/plain': text }, metadata: {} }
}

/** A magic for a whole cell wants more lines. Undefined where what follows the magics says it. */
export function magicCompleteness(code: string): Completeness | undefined {
  const cell = parseMagics(code)?.cell
  return cell && cell.body.trim() === '' ? { status: 'incomplete', indent: '' } : undefined
}

function placeOf(code: string, offset: number): Place | undefined {
  const { lines = [], cell } = parseMagics(code) ?? {}
  const magic = [...lines, ...(cell ? [cell] : [])].find(({ start, end }) => start <= offset && offset <= end)
  if (magic) return { magic, isBody: false }
  return cell && offset > cell.end && table.get(cell.name)?.isText ? { magic: cell, isBody: true } : undefined
}

/** `%` alone may become either form. */
function namesLike(prefix: string): string[] {
  const names = prefix.startsWith('%%') ? namesOf('%%') : [...namesOf('%'), ...namesOf('%%')]
  return names.filter(name => name.startsWith(prefix) || name.startsWith(`%${prefix}`))
}

function toCompletion(matches: readonly string[], type: string, start: number, end: number): Completion {
  return { matches, start, end, metadata: { _jupyter_types_experimental: matches.map(text => ({ text, type, start, end })) } }
}
