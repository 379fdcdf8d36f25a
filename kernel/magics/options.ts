import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { UsageError } from '../errors.ts'

/** One option of a magic, as its usage line shows it. */
export interface MagicOption {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** How the value is called in the usage line. */
  readonly value?: string
}

export type Options = Readonly<Record<string, MagicOption>>

/** What was given for each option. */
export type Values<O extends Options> = { readonly [N in keyof O]?: O[N]['type'] extends 'boolean' ? boolean : string }

export interface ParsedLine {
  readonly words: readonly string[]
  readonly options: Values<Options>
}

export interface Grammar {
  readonly words?: string
  readonly options?: Options
}

/** What a magic takes on its line, in one of its forms. */
export function grammarOf(form: '%' | '%%', { words, options, isLineFree }: Grammar & { readonly isLineFree?: boolean }): Grammar {
  if (form === '%' && isLineFree) return {}
  return { ...(words === undefined ? {} : { words }), ...(options === undefined ? {} : { options }) }
}

/**
 * The options and other words of a magic's line. What is not among its options is an error that lists those that are.
 * `name` is with its percent signs.
 */
export async function parseLine(name: string, line: string, grammar: Grammar): Promise<ParsedLine> {
  if (isFree(grammar)) return { words: [], options: {} }
  const { words, options = {} } = grammar
  try {
    const config = Object.fromEntries(Object.entries(options).map(([option, { type, short }]) => [option, { type, ...(short ? { short } : {}) }]))
    const allowPositionals = words !== undefined
    const { values, positionals } = parseArgs({ args: split(line), options: config as ParseArgsOptionsConfig, strict: true, allowPositionals })
    return { words: positionals, options: values as Values<Options> }
  } catch (error) {
    const [reason = ''] = (error as Error).message.split('. ')
    throw new UsageError(`${name}: ${reason}.${await meant(reason, Object.keys(options))} ${usage(name, grammar)}`)
  }
}

async function meant(reason: string, options: readonly string[]): Promise<string> {
  const [, given] = /^Unknown option '--(.+)'$/.exec(reason) ?? []
  if (given === undefined) return ''
  const { closestMatch } = await import('leven')
  const near = closestMatch(given, options, { maxDistance: Math.ceil(given.length / 3) })
  return near === undefined ? '' : ` Did you mean --${near}?`
}

/** @example usage('%jobs', …) // 'Usage: %jobs [-w/--watch] [stop NAME…]' */
export function usage(name: string, grammar: Grammar): string {
  if (isFree(grammar)) return `Usage: ${name} …`
  const { words, options = {} } = grammar
  const parts = Object.entries(options).map(([option, { short, value }]) => `[${short ? `-${short}/` : ''}--${option}${value ? ` ${value}` : ''}]`)
  return `Usage: ${[name, ...parts, ...(words ? [words] : [])].join(' ')}`
}

/** The value of an option, from `least` on. `name` is the magic's, with its percent signs; `unit` what is counted. */
export function wholeNumber(name: string, option: string, text: string, least: number, unit = ''): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= least) return value
  throw new UsageError(`${name}: --${option} takes a whole number${unit && ` of ${unit}`} from ${least} on, not "${text}".`)
}

/** Text that may stand in quotes. */
export function unquoted(text: string): string {
  return /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text
}

/** The name of a variable to declare. */
export function variableName(text: string): string {
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(text)) return text
  throw new UsageError(`A variable can't be called "${text}".`)
}

/** Whether it takes its line as it is. */
export function isFree({ words, options }: Grammar): boolean {
  return words === undefined && options === undefined
}

/** The line's words; quotes keep white space. */
function split(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+?)=(?:"([^"]*)"|'([^']*)')|(\S+)/g)].map(
    ([, double, single, key, doubleValue, singleValue, bare]) => (key ? `${key}=${doubleValue ?? singleValue}` : (double ?? single ?? bare ?? ''))
  )
}
