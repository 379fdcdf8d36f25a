import type { CellResult } from '../session/protocol.ts'
import { broadcastOf, type Content, type Message } from '../wire/messages.ts'
import type { RequestOf } from '../wire/requests.ts'
import type { Kernel } from './handlers.ts'
import type { Shell } from './shell.ts'
import { runTyped } from './typed-cell.ts'

/** Runs a cell and resolves to its execute_reply, after all that it printed was published. */
export async function execute(request: RequestOf<'execute_request'>, kernel: Kernel, shell: Shell): Promise<Content> {
  const { stopOnError, ...cell } = request.content
  const { message } = request
  const count = cell.silent ? 0 : shell.count + 1
  kernel.parents.addCell(message, count, shell.history)
  if (cell.storeHistory) {
    shell.count = count
    shell.history.add(count, cell.code)
  }
  if (!cell.silent) {
    void kernel.publish(broadcastOf(message, 'execute_input', { code: cell.code, execution_count: count }))
  }
  // Counts of subshells are their own: only one of the main shell names a cell in stack traces.
  const number = shell === kernel.subshells.main ? count : 0
  const result = await kernel.subshells.runCell(() => runTyped({ cell: message.header.msg_id, count: number, ...cellId(message), ...cell }, message, kernel))
  if (result.status === 'error' && stopOnError && !cell.silent) await shell.queue.abortWaiting()
  return { ...replyOf(result), execution_count: cell.silent ? shell.count : count }
}

function cellId({ metadata: { cellId: id } }: Message): { readonly cellId?: string } {
  return typeof id === 'string' ? { cellId: id } : {}
}

function replyOf(result: CellResult): Content {
  return result.status === 'ok'
    ? { status: 'ok', user_expressions: result.userExpressions, payload: result.payload }
    : { status: 'error', ...result.error, user_expressions: {}, payload: [] }
}
