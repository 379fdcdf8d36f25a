import { inspect } from 'node:util'
import { Interrupted, UsageError } from '../errors.ts'
import { CellSyntaxError } from '../language/syntax-error.ts'
import { WorkerError } from '../parallel/client/errors.ts'
import type { CellError } from './protocol.ts'

const RED = '\u001b[31m'
const RESET = '\u001b[39m'

/** How what a cell threw is shown: errors by their stack and causes, anything else as it would print. */
export function toCellError(thrown: unknown): CellError {
  if (!(thrown instanceof Error)) return describeOther(thrown)
  const ename = thrown.name || 'Error'
  if (thrown instanceof Interrupted) return describeByFrames(thrown.name, thrown.message, thrown.stack)
  if (thrown instanceof UsageError || thrown instanceof CellSyntaxError) {
    // Their sentence says all: where in the kernel it was written helps nobody.
    return { ename, evalue: thrown.message, traceback: `${RED}${ename}${RESET}: ${thrown.message}`.split('\n') }
  }
  // What failed in a worker, with the lines of the cell that it ran there.
  if (thrown instanceof WorkerError) return describeByFrames(thrown.name, thrown.message, thrown.remoteStack)
  // One without frames is shown in brackets.
  const text = safely(() => inspect(thrown), `${ename}: ${thrown.message}`).replace(/^\[([^\]]*)\]/, '$1')
  const [headline = '', ...frames] = text.split('\n')
  return { ename, evalue: thrown.message, traceback: [`${RED}${headline}${RESET}`, ...frames] }
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
