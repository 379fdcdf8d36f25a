import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants } from 'node:os'
import type * as Execa from 'execa'
import { UsageError } from '../../errors.ts'
import { currentSignal } from '../../session/owner.ts'
import { descendants, endAll } from './descendants.ts'

/** A program and its arguments, passed as they are; or a line for the shell. */
export type Command = readonly [string, ...string[]] | string

export interface ProgramOptions {
  /** The program's folder. Default: the notebook's. */
  readonly cwd?: string
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>
  /** Ends the program after so many milliseconds. Default: never. */
  readonly timeout?: number
  /** Ends the program when aborted. An interrupt of the cell does, in any case. */
  readonly signal?: AbortSignal
}

/** How long a program may take to end when asked to, in milliseconds. */
const PATIENCE = 1000

const require = createRequire(import.meta.url)

/** Loaded when the first program is started. */
export function execa(): typeof Execa.execa {
  return (require('execa') as typeof Execa).execa
}

interface Ends {
  readonly cancelSignal?: AbortSignal
  readonly timeout?: number
}

/**
 * Starts a program that is ended by a signal or after some time together with all that it has started, such as the
 * programs of a shell's line. The library ends the program alone, and then nobody can say any more what was its.
 */
export function whole<C extends PromiseLike<unknown> & { readonly pid?: number | undefined }>({ cancelSignal, timeout }: Ends, start: () => C): C {
  const endBelow = () => child.pid !== undefined && endAll(descendants(child.pid), 'SIGTERM')
  // Both before the library's own.
  cancelSignal?.addEventListener('abort', endBelow)
  const timer = timeout === undefined ? undefined : setTimeout(endBelow, timeout)
  const forget = () => {
    clearTimeout(timer)
    cancelSignal?.removeEventListener('abort', endBelow)
  }
  const child = start()
  void child.then(forget, forget)
  return child
}

/** What execa wants to know, for any use of a program. */
export function toExeca(name: string, command: Command, { cwd, env, timeout, signal, ...others }: ProgramOptions) {
  const [file, ...args] = typeof command === 'string' ? [command] : command
  if (typeof file !== 'string' || file === '') throw new UsageError(`${name} needs a program and its arguments, as in ${name}(['ls', '-l']).`)
  refuseOthers(name, file, Object.keys(others))
  if (cwd !== undefined && !existsSync(cwd)) throw new UsageError(`There is no folder ${cwd} to run ${file} in.`)
  const signals = [signal, currentSignal()].filter(one => one !== undefined)
  const options = {
    reject: false,
    stripFinalNewline: false,
    shell: typeof command === 'string',
    forceKillAfterDelay: PATIENCE,
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(timeout === undefined ? {} : { timeout }),
    ...(signals.length === 0 ? {} : { cancelSignal: AbortSignal.any(signals) })
  } as const
  return { file, args, options }
}

/** What would go unheard is a mistake, such as the arguments apart from the program, as Node's own functions have them. */
function refuseOthers(name: string, file: string, [other]: readonly string[]): void {
  if (other === undefined) return
  if (other === '0') throw new UsageError(`${name} takes a program and its arguments as one, as in ${name}([${JSON.stringify(file)}, …]).`)
  throw new UsageError(`${name} has no option ${other}.`)
}

/** How a program ended, as execa tells it. */
export interface Ended {
  readonly exitCode?: number | undefined
  readonly signal?: string | undefined
  readonly code?: string | undefined
  readonly cause?: unknown
}

/** Python's number: the exit code, or the signal's number, negative. Undefined when the program could not start. */
export function exitNumber({ exitCode, signal }: Ended): number | undefined {
  return exitCode ?? (signal === undefined ? undefined : -constants.signals[signal as NodeJS.Signals])
}

/** Why a program could not start. */
export function notStarted(file: string, { code, cause }: Ended): UsageError {
  if (code === 'ENOENT') return new UsageError(`There is no program "${file}": check its name, or give its whole path.`)
  return new UsageError(`${file} could not be started: ${(cause as Error | undefined)?.message ?? code}`)
}

export function spell(command: Command): string {
  return typeof command === 'string' ? command : command.join(' ')
}
