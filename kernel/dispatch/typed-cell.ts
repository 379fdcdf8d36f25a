import type { CellRequest, CellResult } from '../session/protocol.ts'
import { meanings, readModeLines } from '../types/mode.ts'
import { broadcastOf, type Message } from '../wire/messages.ts'
import type { Kernel } from './handlers.ts'

/** Runs a cell, unless its type errors keep it from running: `%types` decides that. */
export async function runTyped(request: CellRequest, message: Message, kernel: Kernel): Promise<CellResult> {
  const { types, session } = kernel
  let { code } = request
  if (code.includes('%types')) {
    try {
      code = await setMode(code, message, kernel)
    } catch (error) {
      return fail((error as Error).name, (error as Error).message, message, kernel)
    }
  }
  const errors = types.mode === 'strict' ? await types.errorsOf(request.code) : undefined
  if (errors !== undefined) return fail('TypeCheckError', 'The cell was not run, since it has type errors (%types strict).', message, kernel, errors)
  const running = session.execute({ ...request, code })
  types.begin(request.cell, request.code, request.silent)
  const result = await running
  types.end(result.status === 'error' ? result.error.evalue : undefined)
  return result
}

/** Resolves to the cell without its lines for it. Throws UsageError. */
async function setMode(cell: string, message: Message, { types, publish }: Kernel): Promise<string> {
  const { code, mode, asks } = readModeLines(cell)
  types.mode = mode ?? types.mode
  if (asks) await publish(broadcastOf(message, 'stream', { name: 'stdout', text: `%types ${types.mode}: ${meanings[types.mode]}\n` }))
  return code
}

async function fail(ename: string, evalue: string, message: Message, { publish }: Kernel, details = ''): Promise<CellResult> {
  const error = { ename, evalue, traceback: `\u001b[31m${ename}\u001b[39m: ${evalue}\n\n${details}`.trimEnd().split('\n') }
  await publish(broadcastOf(message, 'error', error))
  return { status: 'error', error }
}
