import type { Diagnostic } from 'vscode-languageserver-types'
import { codeFrame } from '../language/code-frame.ts'
import { withoutModules } from './history.ts'
import { fromServer } from './positions.ts'

/** A type error of a cell. */
export interface TypeProblem {
  readonly code: number
  readonly message: string
  /** Where it is, in UTF-16 code units. */
  readonly start: number
  readonly end: number
}

export interface Circumstances {
  /** The cell's TypeScript. */
  readonly source: string
  /** Whether another cell declared the name, and this one doesn't. */
  isFromElsewhere(name: string): boolean
  /** Whether the user chose how strict TypeScript is, in a tsconfig.json. */
  readonly hasConfiguration: boolean
  /** Whether it matters what could go wrong, and not only what does. */
  readonly isStrict: boolean
}

/** What is surely wrong in a cell. A notebook knows more than its text: a warning without reason is worse than none. */
export function problemsOf(diagnostics: readonly Diagnostic[], circumstances: Circumstances): TypeProblem[] {
  return diagnostics.flatMap(({ severity, code, message, range }) => {
    const start = fromServer(circumstances.source, range.start)
    const end = fromServer(circumstances.source, range.end) ?? circumstances.source.length
    if (severity !== 1 || start === undefined) return []
    const problem = { code: Number(code), message: withoutModules(typeof message === 'string' ? message : message.value), start, end }
    return isDoubtful(problem, circumstances) ? [] : [problem]
  })
}

/** The name that TypeScript doesn't know, where that is the problem: the session may know it. */
export function unknownName({ code, message }: TypeProblem): string | undefined {
  return unknownNames.has(code) ? /'([^']+)'/.exec(message)?.[1] : undefined
}

const unknownNames = new Set([2304, 2318, 2503, 2552, 2580, 2581, 2582, 2583, 2584, 2591, 2592, 2593, 18004])

const isDoubtful = (problem: TypeProblem, circumstances: Circumstances): boolean => doubts.some(doubt => doubt(problem, circumstances))

/** Reasons to say nothing. */
const doubts: readonly ((problem: TypeProblem, circumstances: Circumstances) => boolean)[] = [
  // Grammar is judged by what runs the cell; a few errors about types have such numbers, too.
  ({ code }) => code < 2000 && ![1238, 1239, 1240, 1241, 1270, 1345, 1361, 1362].includes(code),
  ({ code }) => neverShown.has(code),
  // Asking whether there is such a name is no error.
  ({ code, start }, { source }) => unknownNames.has(code) && /\btypeof\s+$/.test(source.slice(0, start)),
  // Types that are missing are no errors, unless somebody wants them all.
  ({ code, message }, { hasConfiguration }) => !hasConfiguration && (isImplicit(code) || saysUnknown.has(code) || message.endsWith("on type '{}'.")),
  // A cell that ran has shown whether there was a value.
  ({ code }, { hasConfiguration, isStrict }) => !hasConfiguration && !isStrict && mayBeEmpty.has(code),
  // What an earlier cell has checked, or what the next run of one will change, TypeScript can't see.
  ({ code, start, end }, { source, isFromElsewhere }) =>
    (mayBeEmpty.has(code) || orderMatters.has(code)) && (source.slice(start, end).match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []).some(isFromElsewhere)
]

const isImplicit = (code: number): boolean => code >= 7000 && code < 8000

/** Modules that have no types, or that the cell's own import will miss; and functions, which in a notebook are variables. */
const neverShown = new Set([2307, 2306, 2732, 2792, 2834, 2835, 2875, 7016, 7017, 2628, 2629, 2630, 2632, 2669, 2695, 5097])
const saysUnknown = new Set([2571, 2794, 18046])
const mayBeEmpty = new Set([2454, 2531, 2532, 2533, 2721, 2722, 2723, 18047, 18048, 18049])
const orderMatters = new Set([2367, 2448])

const SHOWN = 5
const [bold, reset] = ['\u001b[1m', '\u001b[22m']

/** Problems as text with the lines of the cell. */
export function describeProblems(problems: readonly TypeProblem[], code: string): string {
  const shown = problems.slice(0, SHOWN).map(problem => `${bold}TS${problem.code}${reset}: ${problem.message}\n${codeFrame(code, problem.start, problem.end)}\n`)
  const more = problems.length - SHOWN
  return shown.join('\n') + (more > 0 ? `… and ${more} more\n` : '')
}
