import { type Command, type Ended, execa, exitNumber, type ProgramOptions, toExeca, whole } from './programs/command.ts'

export interface CallOptions extends ProgramOptions {
  /** Given to the program to read. Default: nothing. */
  readonly input?: string | Uint8Array
}

/** What a shell answers for a command that it can't find. */
const NOT_FOUND = 127
const NOT_EXECUTABLE = 126

/**
 * Runs a program and shows what it prints as it comes. Resolves with its exit status: the signal's number, negative,
 * when one ended it; 127, as a shell has it, when there is no such program.
 *
 * @example
 * await call(['echo', 'hello']) // 0
 */
export async function call(command: Command, { input = '', ...options }: CallOptions = {}): Promise<number> {
  const { file, args, options: common } = toExeca('call', command, options)
  const child = whole(common, () => execa()(file, args, { ...common, input, buffer: false, stdout: 'pipe', stderr: 'pipe' }))
  await Promise.all([forward(child.stdout, process.stdout), forward(child.stderr, process.stderr)])
  const ended = await child
  return exitNumber(ended) ?? refuse(file, ended)
}

async function forward(from: AsyncIterable<unknown>, to: NodeJS.WriteStream): Promise<void> {
  try {
    for await (const chunk of from) to.write(chunk as Uint8Array)
  } catch {
    // How the program ended says what its broken output can't.
  }
}

function refuse(file: string, { code, cause }: Ended): number {
  const missing = code === 'ENOENT'
  process.stderr.write(`${file}: ${missing ? 'command not found' : String((cause as Error | undefined)?.message ?? code)}\n`)
  return missing ? NOT_FOUND : NOT_EXECUTABLE
}
