import { runLive } from '../parallel/programs/live.ts'
import { defineMagic, type MagicCall } from './magic.ts'
import { variableName } from './options.ts'

const options = {
  shell: { type: 'string', value: 'PROGRAM' },
  out: { type: 'string', value: 'VARIABLE' },
  status: { type: 'string', value: 'VARIABLE' }
} as const

/** How a script ended that should have succeeded. */
class ScriptFailed extends Error {
  override readonly name = 'ScriptFailed'
  readonly status: number

  constructor(status: number) {
    super(`The script ended with exit status ${status}.`)
    this.status = status
  }
}

export const shMagic = defineMagic({
  summary: 'runs a shell script and shows what it prints as it comes; --status and --out put its exit status and output into variables',
  options,
  isLineFree: true,
  isText: true,
  line: call => run(call.text, call),
  cell: call => run(call.body, call)
})

async function run(script: string, { options: { shell = 'sh', out, status }, assign, signal }: MagicCall<typeof options>): Promise<void> {
  for (const name of [out, status]) if (name !== undefined) variableName(name)
  const ended = await runLive(shell, ['-c', script], { signal, capture: out !== undefined })
  if (out !== undefined) await assign(out, ended.stdout)
  if (status !== undefined) await assign(status, ended.status)
  else if (ended.status !== 0) throw new ScriptFailed(ended.status)
}
