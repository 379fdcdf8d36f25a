import { UsageError } from '../errors.ts'
import { parseMagics } from '../magics/parse.ts'

/** What type errors do: keep the cell from running, appear under it, nothing. `none`: there are no types at all. */
export type TypesMode = 'strict' | 'warn' | 'off' | 'none'

const modes: readonly TypesMode[] = ['strict', 'warn', 'off', 'none']

/** A cell without its lines `%types …`, the modes that they set, and whether one of them asks for the mode. */
export interface ModeLines {
  readonly code: string
  readonly mode: TypesMode | undefined
  readonly asks: boolean
}

/** Reads the lines `%types …` of a cell. Throws UsageError for a mode that isn't there. */
export function readModeLines(code: string): ModeLines {
  const lines = parseMagics(code)?.lines.filter(({ name }) => name === 'types') ?? []
  const wanted = lines.map(({ text }) => text).filter(text => text !== '')
  const wrong = wanted.find(text => !modes.includes(text as TypesMode))
  if (wrong !== undefined) throw new UsageError(`%types takes strict, warn, off or none, not "${wrong}".`)
  // Blank, so that all other lines keep their numbers.
  const rest = lines.reduce((text, { start, end }) => text.slice(0, start) + ' '.repeat(end - start) + text.slice(end), code)
  return { code: rest, mode: wanted.at(-1) as TypesMode | undefined, asks: wanted.length < lines.length }
}

/** From the environment: `warn` unless it says another one. */
export function readMode(text: string | undefined): TypesMode {
  return modes.find(mode => mode === text) ?? 'warn'
}

export const meanings: Readonly<Record<TypesMode, string>> = {
  strict: 'a cell with type errors is not run',
  warn: 'type errors are shown under the cell, which runs nevertheless',
  off: 'type errors are not looked for; completion knows types nevertheless',
  none: 'TypeScript is not asked at all: completion comes from the values'
}
