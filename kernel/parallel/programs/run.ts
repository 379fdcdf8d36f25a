import { constants } from 'node:buffer'
import { type Command, execa, exitNumber, notStarted, type ProgramOptions, toExeca, whole } from './command.ts'
import { type Completed, ProgramFailed } from './program-failed.ts'

export interface RunOptions extends ProgramOptions {
  /** Given to the program to read. Default: nothing. */
  readonly input?: string | Uint8Array
  /** Whether any exit code but 0 is an error. Default: false. */
  readonly check?: boolean
}

/**
 * Runs a program to its end and resolves with what it printed, as text, and how it ended.
 *
 * Rejects with a ProgramFailed when it took longer than `timeout`, or, with `check`, when its exit code isn't 0; with the
 * signal's reason when aborted; with a UsageError when there is no such program.
 *
 * @example
 * const { stdout } = await run(['sort'], { input: 'b\na\n', check: true }) // 'a\nb'
 */
export async function run(command: Command, { input = '', check = false, ...options }: RunOptions = {}): Promise<Completed> {
  const { file, args, options: common } = toExeca('run', command, options)
  const ended = await whole(common, () => execa()(file, args, { ...common, input, maxBuffer: constants.MAX_STRING_LENGTH }))
  const { isCanceled, timedOut, isMaxBuffer, signal } = ended
  if (isCanceled) throw common.cancelSignal?.reason
  const exitCode = exitNumber(ended)
  if (exitCode === undefined) throw notStarted(file, ended)
  const completed: Completed = { stdout: ended.stdout ?? '', stderr: ended.stderr ?? '', exitCode, signal: signal as NodeJS.Signals | undefined }
  if (timedOut) throw new ProgramFailed(command, completed, `was ended after its timeout of ${options.timeout} ms`)
  if (isMaxBuffer) throw new ProgramFailed(command, completed, 'printed more than a text can hold: read it by spawn')
  if (check && exitCode !== 0) throw new ProgramFailed(command, completed)
  return completed
}
