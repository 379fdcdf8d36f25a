import { display } from '../display/display.ts'
import type { MagicCall, MagicContext, MagicNotebook } from './magic.ts'
import { grammarOf, parseLine } from './options.ts'
import { parseMagics, type WrittenCell, type WrittenMagic } from './parse.ts'
import { table } from './table.ts'

/** What the session offers to the magics of one cell. */
export interface MagicSession extends Omit<MagicContext, 'run' | 'notebook'> {
  /** Runs TypeScript without magics. */
  evaluate(code: string): Promise<unknown>
  compile(code: string): () => Promise<unknown>
  compileFor(code: string, names: readonly string[]): ReturnType<MagicNotebook['compileFor']>
  readonly notebook: Omit<MagicNotebook, 'compile' | 'compileFor'>
  /** Loads what threads and processes need. */
  loadWorkers(): Promise<unknown>
}

/** Runs a cell that begins with magics; resolves with its value. */
export async function runMagics({ lines, cell, rest }: WrittenCell, session: MagicSession): Promise<unknown> {
  let value: unknown
  for (const line of lines) {
    if (value !== undefined) await display(value)
    value = await call(line, rest, session)
  }
  const isMore = cell !== undefined || rest.trim() !== ''
  if (!isMore) return value
  if (value !== undefined) await display(value)
  return cell ? call(cell, rest, session) : session.evaluate(rest)
}

/**
 * The TypeScript of a cell, with or without magics. What follows them keeps its place: the lines of magics are left
 * blank, and so is what isn't TypeScript.
 */
export function bodyOf(code: string): string {
  const written = parseMagics(code)
  if (!written) return code
  return written.cell && table.get(written.cell.name)?.isText ? '' : written.rest
}

async function call(written: WrittenMagic, rest: string, session: MagicSession): Promise<unknown> {
  const { form, name, text, body } = written
  const entry = table.get(name)
  if (!entry?.forms.includes(form)) throw (await import('./unknown.ts')).unknownMagic(written)
  if (entry.usesWorkers) await session.loadWorkers()
  const magic = await entry.load()
  const line = await parseLine(`${form}${name}`, text, grammarOf(form, magic))
  const called: MagicCall = { ...contextOf(written, rest, session), text, body, ...line }
  return await (form === '%' ? magic.line : magic.cell)?.call(magic, called)
}

function contextOf({ form, line }: WrittenMagic, rest: string, session: MagicSession): MagicContext {
  const { assign, signal, notebook } = session
  // Code of the magic's own line, or of those below it, is told of by the lines of the cell.
  const before = '\n'.repeat(form === '%' ? line : line + 1)
  return {
    run(given) {
      const code = given === undefined ? rest : before + given
      const inner = parseMagics(code)
      return inner ? runMagics(inner, session) : session.evaluate(code)
    },
    assign,
    signal,
    notebook: { ...notebook, compile: () => session.compile(rest), compileFor: names => session.compileFor(rest, names) }
  }
}
