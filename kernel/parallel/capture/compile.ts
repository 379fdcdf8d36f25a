import { constants, Script } from 'node:vm'
import { rememberScript } from './script-urls.ts'

/** Compiles code so that it sees the variables of one scope. */
export type Compile = (code: string) => unknown

export interface ScopeOfCode {
  readonly compile: Compile
  /** Sets all of the scope's variables. */
  assign(variables: Readonly<Record<string, unknown>>): void
}

// Direct eval lets functions of one scope share its variables, at the speed of ordinary variables as long as it is
// strict code, which cells are too. The code comes in `arguments`: any other name could hide one of the notebook's.
const evaluate = 'function () { return eval(arguments[0]) }'

/** Sees globals only. */
export const compileGlobally: Compile = new Script(`'use strict'; (${evaluate})`, {
  filename: 'paracell:function',
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
}).runInThisContext() as Compile

/** A scope with its own variables inside another one. */
export function openScope(outer: Compile, names: readonly string[]): ScopeOfCode {
  const list = names.join(', ')
  const parts = `compile: ${evaluate}, assign() { ({ ${list} } = arguments[0]) }`
  return outer(`(function () { let ${list}; return { ${parts} } })()`) as ScopeOfCode
}

/** Beyond this, in generated code, a position helps nobody and would cost memory. */
const farthest = 100_000

/** Code that stands at a line and column of a file, both from 1, as stack traces tell it. Its functions are known to be from there. */
export function placed(code: string, { file, line, column }: { file: string; line: number; column: number }): string {
  const start = { line: Math.max(0, Math.min(line, farthest) - 1), column: Math.max(0, Math.min(column, farthest) - 1) }
  rememberScript(file, code, start)
  return `${'\n'.repeat(start.line)}${' '.repeat(start.column)}${code}\n//# sourceURL=${file.replace(/\s/g, encodeURIComponent)}`
}
