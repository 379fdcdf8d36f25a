import { inspect } from 'node:util'
import { Interrupted, UsageError } from '../errors.ts'
import { CellSyntaxError } from '../language/syntax-error.ts'
import type { CellError } from './protocol.ts'

const RED = '\u001b[31m'
const RESET = '\u001b[39m'

/** How what a cell threw is shown: errors by their stack and causes, anything else as it would print. */
export function toCellError(thrown: unknown): CellError {
  try {
    return thrown instanceof Error ? describeError(thrown) : describeOther(thrown)
  } catch {
    // It is a proxy whose every trap throws, or the like.
    return describeByFrames('Uncaught', 'a value that cannot be shown')
  }
}

/** What was thrown may be a proxy, which throws itself when it is asked. */
export function isA<T>(kind: new (...args: never[]) => T, thrown: unknown): thrown is T {
  try {
    return thrown instanceof kind
  } catch {
    return false
  }
}

function describeError(thrown: Error): CellError {
  const ename = safely(() => String(thrown.name || 'Error'), 'Error')
  const evalue = safely(() => String(thrown.message), '')
  if (thrown instanceof Interrupted) return describeByFrames(thrown.name, thrown.message, thrown.stack)
  if (thrown instanceof UsageError || thrown instanceof CellSyntaxError) {
    // Their sentence says all: where in the kernel it was written helps nobody.
    return { ename, evalue, traceback: `${RED}${ename}${RESET}: ${evalue}`.split('\n') }
  }
  // One without frames is shown in brackets.
  const text = safely(() => inspect(thrown), `${ename}: ${evalue}`).replace(/^\[([^\]]*)\]/, '$1')
  const [headline = '', ...frames] = text.split('\n')
  return { ename, evalue, traceback: [`${RED}${headline}${RESET}`, ...frames] }
}

function describeByFrames(ename: string, evalue: string, stack = ''): CellError {
  const frames = stack.split('\n').filter(line => line.startsWith('    at '))
  return { ename, evalue, traceback: [`${RED}${ename}${RESET}: ${evalue}`, ...frames] }
}

function describeOther(thrown: unknown): CellError {
  const evalue = safely(() => inspect(thrown), 'a value that cannot be shown')
  return { ename: 'Uncaught', evalue, traceback: [`${RED}Uncaught${RESET} ${evalue}`] }
}

/** What user code defines (a getter, an inspect method) may throw while it is shown. */
function safely(describe: () => string, fallback: string): string {
  try {
    return describe()
  } catch {
    return fallback
  }
}
