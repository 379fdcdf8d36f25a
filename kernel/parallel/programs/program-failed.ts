import { type Command, spell } from './command.ts'

/** How much of what a program said last an error repeats. */
const TAIL_LINES = 10
const TAIL_LENGTH = 2000

/** What is known of a program that has ended. */
export interface Completed {
  readonly stdout: string
  readonly stderr: string
  /** Python's number: `-9` when killed by signal 9. */
  readonly exitCode: number
  /** The name of the signal that ended it. */
  readonly signal: NodeJS.Signals | undefined
}

/** A program did not end as it should: `exitCode`, `signal`, `stdout` and `stderr` tell how, the message what it said last. */
export class ProgramFailed extends Error implements Completed {
  override readonly name = 'ProgramFailed'
  readonly command: Command
  readonly stdout: string
  readonly stderr: string
  readonly exitCode: number
  readonly signal: NodeJS.Signals | undefined

  constructor(command: Command, { stdout, stderr, exitCode, signal }: Completed, how?: string) {
    super(`${spell(command)} ${how ?? (signal ? `was ended by ${signal}` : `ended with exit code ${exitCode}`)}${tail(stderr)}`)
    this.command = command
    this.stdout = stdout
    this.stderr = stderr
    this.exitCode = exitCode
    this.signal = signal
  }
}

function tail(stderr: string): string {
  const lines = stderr.trimEnd().split('\n').slice(-TAIL_LINES).join('\n').slice(-TAIL_LENGTH)
  return lines === '' ? '' : `:\n${lines}`
}
