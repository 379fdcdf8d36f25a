/** What programs this realm starts, whichever way: told to the hub while somebody traces. */
import childProcess, { type ChildProcess } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { syncBuiltinESMExports } from 'node:module'
import { commandLine } from '../programs/command-line.ts'
import type { ProgramNews } from '../protocol.ts'

type Tell = (news: ProgramNews) => void
type Call = (...args: unknown[]) => unknown

/** Node tells of each program here that it starts and doesn't wait for. */
const CHANNEL = 'child_process'

let tell: Tell | undefined
let isWrapped = false
let last = 0

/** Tells of each program that begins from now on, and of its end; no more without an argument. */
export function tellPrograms(listener: Tell | undefined): void {
  if (listener && !tell) subscribe(CHANNEL, see)
  if (!listener && tell) unsubscribe(CHANNEL, see)
  tell = listener
  if (listener && !isWrapped) wrapBlocking()
}

function see(message: unknown): void {
  const { process: child } = message as { readonly process: ChildProcess }
  const program = ++last
  child.prependOnceListener('spawn', () => tell?.({ program, command: commandLine(child.spawnargs), ...(child.pid === undefined ? {} : { pid: child.pid }) }))
  child.prependOnceListener('exit', (exitCode, signal) => tell?.({ program, ended: ending(exitCode, signal) }))
}

/** Nobody else tells of those that keep the realm waiting. */
function wrapBlocking(): void {
  isWrapped = true
  const module = childProcess as unknown as Record<string, Call>
  for (const name of ['spawnSync', 'execFileSync', 'execSync']) {
    const original = module[name] as Call
    const wrapped: Call = (...args) => (tell ? seen(tell, () => original(...args), commandOf(args)) : original(...args))
    module[name] = Object.defineProperties(wrapped, Object.getOwnPropertyDescriptors(original)) as Call
  }
  syncBuiltinESMExports()
}

function seen(listener: Tell, run: () => unknown, command: string): unknown {
  const program = ++last
  listener({ program, command })
  const end = (result: unknown) => {
    const { status = 0, signal = null } = Object(result) as { readonly status?: number | null; readonly signal?: NodeJS.Signals | null }
    listener({ program, ended: ending(status, signal) })
  }
  try {
    const result = run()
    end(Buffer.isBuffer(result) ? undefined : result)
    return result
  } catch (error) {
    end(error)
    throw error
  }
}

function commandOf([file, args]: readonly unknown[]): string {
  return commandLine([String(file), ...(Array.isArray(args) ? args.map(String) : [])])
}

function ending(exitCode: number | null, signal: NodeJS.Signals | null): NonNullable<ProgramNews['ended']> {
  return { ...(exitCode === null ? {} : { exitCode }), ...(signal === null ? {} : { signal }) }
}
