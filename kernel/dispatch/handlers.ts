import type { CommMessage } from '../session/protocol.ts'
import type { Session } from '../session/session.ts'
import type { Content, Message } from '../wire/messages.ts'
import type { Types } from '../types/types.ts'
import type { RequestOf, RequestType } from '../wire/requests.ts'
import type { Comms } from './comms/comms.ts'
import { execute } from './execute.ts'
import type { Inputs } from './inputs.ts'
import { KERNEL_INFO } from './kernel-info.ts'
import type { Parents } from './parents.ts'
import { toCodePoints, toCodeUnits } from './positions.ts'
import type { Shell } from './shell.ts'
import type { Subshells } from './subshells.ts'

/** What handlers work with. */
export interface Kernel {
  readonly session: Session
  readonly parents: Parents
  readonly inputs: Inputs
  readonly subshells: Subshells
  readonly types: Types
  readonly comms: Comms
  /** Sends on iopub; doesn't reject. */
  readonly publish: (message: Message) => Promise<void>
  readonly log: (line: string) => void
}

/** What comes in on shell or control. */
export type Answerable = Exclude<RequestType, 'input_reply' | CommType>
export type CommType = 'comm_open' | 'comm_msg' | 'comm_close'

type Reply = Promise<Content | undefined>
type Handler<T extends Answerable> = (request: RequestOf<T>, kernel: Kernel, shell: Shell) => Reply

const HANDLERS: { readonly [T in Answerable]: Handler<T> } = {
  kernel_info_request: async () => ({ status: 'ok', ...KERNEL_INFO }),
  execute_request: execute,
  complete_request: async ({ content: { code, cursor } }, { session, types }) => {
    const offset = cursor === undefined ? code.length : toCodeUnits(code, cursor)
    const question = { type: 'complete', code, offset } as const
    const { matches, start, end, metadata } = await types.complete(question, () => session.ask(question))
    const [cursor_start, cursor_end] = [toCodePoints(code, start), toCodePoints(code, end)]
    return { status: 'ok', matches, cursor_start, cursor_end, metadata }
  },
  inspect_request: async ({ content: { code, cursor, detail } }, { session, types }) => {
    const offset = cursor === undefined ? code.length : toCodeUnits(code, cursor)
    const question = { type: 'inspect', code, offset, detail } as const
    return { status: 'ok', ...await types.inspect(question, asked => session.ask(asked)) }
  },
  is_complete_request: async ({ content: { code } }, { session }) =>
    ({ ...await session.ask({ type: 'isComplete', code }) }),
  history_request: async ({ content }, _, { history }) => ({ status: 'ok', history: await history.find(content) }),
  comm_info_request: async ({ content: { target } }, { comms }) => ({ status: 'ok', comms: (await comms.opened)?.list(target) ?? {} }),
  create_subshell_request: async (_, { subshells }) => ({ status: 'ok', subshell_id: subshells.create() }),
  delete_subshell_request: async ({ content: { id } }, { subshells }) => {
    subshells.delete(id)
    return { status: 'ok' }
  },
  list_subshell_request: async (_, { subshells }) => ({ status: 'ok', subshell_id: subshells.list() }),
  interrupt_request: async (_, { session }) => {
    await session.interrupt()
    return { status: 'ok' }
  },
  shutdown_request: async ({ content: { restart } }) => ({ status: 'ok', restart })
}

/** Resolves to the content of the reply to a request, or to nothing where there is none. */
export function answer<T extends Answerable>(request: RequestOf<T>, kernel: Kernel, shell: Shell): Reply {
  // The table pairs each type with its handler; TypeScript can follow that only for one type at a time.
  const handler = HANDLERS[request.type] as Handler<T>
  return handler(request, kernel, shell)
}

const KINDS: Readonly<Record<CommType, CommMessage['kind']>> = { comm_open: 'open', comm_msg: 'msg', comm_close: 'close' }

/**
 * Hands a comm message over. The outer promise resolves when it is on its way, after those that came before; the inner
 * one, when it was handled: nobody waits for that, since the newest message may make the others needless.
 */
export async function deliver({ type, message, content }: RequestOf<CommType>, { session, parents, comms }: Kernel): Promise<{ readonly handled: Promise<void> }> {
  parents.addOther(message)
  const { metadata, buffers } = message
  const kind = KINDS[type]
  const comm: CommMessage = { kind, content, metadata, buffers }
  const mirror = await (kind === 'open' ? comms.open() : comms.opened)
  if (await mirror?.fromClient(message, comm)) return { handled: Promise.resolve() }
  return { handled: session.comm(message.header.msg_id, comm) }
}

export function isComm(request: { readonly type: string }): request is RequestOf<CommType> {
  return Object.hasOwn(KINDS, request.type)
}
