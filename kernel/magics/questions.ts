import type { Completeness, Completion } from '../session/protocol.ts'
import { parseMagics } from './parse.ts'
import { namesOf } from './table.ts'

/** The magics that what is written could become, where the cursor is in a magic's name. */
export function completeMagic(code: string, offset: number): Completion | undefined {
  const written = parseMagics(code)
  const magic = written && [...written.lines, ...(written.cell ? [written.cell] : [])].find(({ start, end }) => start <= offset && offset <= end)
  if (!magic) return undefined
  const start = code.indexOf('%', magic.start)
  const prefix = code.slice(start, offset)
  if (offset < start || /\s/.test(prefix)) return undefined
  const names = prefix.startsWith('%%') ? namesOf('%%') : [...namesOf('%'), ...namesOf('%%')]
  const matches = names.filter(name => name.startsWith(prefix) || name.startsWith(`%${prefix}`))
  const types = matches.map(text => ({ text, type: 'magic', start, end: offset }))
  return { matches, start, end: offset, metadata: { _jupyter_types_experimental: types } }
}

/** A magic for a whole cell wants more lines. Undefined where what follows the magics says it. */
export function magicCompleteness(code: string): Completeness | undefined {
  const cell = parseMagics(code)?.cell
  return cell && cell.body.trim() === '' ? { status: 'incomplete', indent: '' } : undefined
}
