import { parseArgs, type ParseArgsOptionsConfig } from 'node:util'
import { UsageError } from '../errors.ts'

/** One option of a magic, as its usage line shows it. */
export interface MagicOption {
  readonly type: 'string' | 'boolean'
  readonly short?: string
  /** How the value is called in the usage line. */
  readonly value?: string
}

/** The options of a magic's line. What is not among them is an error that lists those that are. */
export function parseOptions(magic: string, line: string, options: Readonly<Record<string, MagicOption>>): Record<string, string | boolean | undefined> {
  try {
    const config = Object.fromEntries(Object.entries(options).map(([name, { type, short }]) => [name, { type, ...(short ? { short } : {}) }]))
    return parseArgs({ args: words(line), options: config as ParseArgsOptionsConfig, strict: true }).values as Record<string, string | boolean | undefined>
  } catch (error) {
    const [reason] = (error as Error).message.split('. ')
    throw new UsageError(`%%${magic}: ${reason}. Its options are: ${usage(options)}.`)
  }
}

function usage(options: Readonly<Record<string, MagicOption>>): string {
  return Object.entries(options)
    .map(([name, { short, value }]) => `${short ? `-${short}/` : ''}--${name}${value ? ` ${value}` : ''}`)
    .join(', ')
}

/** The line's words; quotes keep white space. */
function words(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+?)=(?:"([^"]*)"|'([^']*)')|(\S+)/g)].map(
    ([, double, single, key, doubleValue, singleValue, bare]) => (key ? `${key}=${doubleValue ?? singleValue}` : (double ?? single ?? bare ?? ''))
  )
}
