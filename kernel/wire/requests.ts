import type { Content, Message } from './messages.ts'

/** What may come in: for each type, how its content is read. Absent fields get the protocol's defaults. */
const READERS = {
  kernel_info_request: () => ({}),
  execute_request: content => ({
    code: text(content, 'code'),
    silent: flag(content, 'silent', false),
    storeHistory: flag(content, 'store_history', true) && !flag(content, 'silent', false),
    userExpressions: texts(content, 'user_expressions'),
    allowStdin: flag(content, 'allow_stdin', true),
    stopOnError: flag(content, 'stop_on_error', true)
  }),
  complete_request: content => ({ code: text(content, 'code'), cursor: optionalInteger(content, 'cursor_pos') }),
  inspect_request: content => ({
    code: text(content, 'code'),
    cursor: optionalInteger(content, 'cursor_pos'),
    detail: optionalInteger(content, 'detail_level') === 1 ? 1 as const : 0 as const
  }),
  is_complete_request: content => ({ code: text(content, 'code') }),
  history_request: content => ({
    output: flag(content, 'output', false),
    access: oneOf(content, 'hist_access_type', ['tail', 'range', 'search']),
    session: optionalInteger(content, 'session') ?? 0,
    start: optionalInteger(content, 'start') ?? 1,
    stop: optionalInteger(content, 'stop'),
    n: optionalInteger(content, 'n'),
    pattern: optionalText(content, 'pattern') ?? '*',
    unique: flag(content, 'unique', false)
  }),
  comm_info_request: content => ({ target: optionalText(content, 'target_name') }),
  comm_open: comm,
  comm_msg: comm,
  comm_close: comm,
  create_subshell_request: () => ({}),
  delete_subshell_request: content => ({ id: text(content, 'subshell_id') }),
  list_subshell_request: () => ({}),
  interrupt_request: () => ({}),
  shutdown_request: content => ({ restart: flag(content, 'restart', false) }),
  input_reply: content => ({ value: text(content, 'value') })
} satisfies Record<string, (content: Content) => object>

export type RequestType = keyof typeof READERS

/** A request whose content was checked, of one type. */
export interface RequestOf<T extends RequestType> {
  readonly type: T
  readonly message: Message
  readonly content: Readonly<ReturnType<typeof READERS[T]>>
}

/** A message of a type that this kernel doesn't know. */
export interface UnknownMessage {
  readonly type: 'unknown'
  readonly message: Message
}

/** A message of a known type whose content breaks the protocol; the error names the field. */
export interface InvalidRequest {
  readonly type: 'invalid'
  readonly message: Message
  readonly error: InvalidContent
}

export type ClientRequest = { [T in RequestType]: RequestOf<T> }[RequestType]

export class InvalidContent extends Error {
  override readonly name = 'InvalidContent'
}

/** Reads a message as a request, its content checked. */
export function readRequest(message: Message): ClientRequest | UnknownMessage | InvalidRequest {
  const type = message.header.msg_type
  if (!isKnown(type)) return { type: 'unknown', message }
  try {
    // The table above pairs each type with its content; TypeScript can't follow that pairing through the look-up.
    return { type, message, content: READERS[type](message.content) } as ClientRequest
  } catch (error) {
    if (!(error instanceof InvalidContent)) throw error
    return { type: 'invalid', message, error }
  }
}

function isKnown(type: string): type is RequestType {
  return Object.hasOwn(READERS, type)
}

function comm(content: Content): Content & { readonly comm_id: string } {
  return { ...content, comm_id: text(content, 'comm_id') }
}

function text(content: Content, name: string): string {
  return optionalText(content, name) ?? wrong(content, name, 'a string')
}

function optionalText(content: Content, name: string): string | undefined {
  const value = content[name] ?? undefined
  return value === undefined || typeof value === 'string' ? value : wrong(content, name, 'a string')
}

function optionalInteger(content: Content, name: string): number | undefined {
  const value = content[name] ?? undefined
  const valid = value === undefined || Number.isInteger(value)
  return valid ? value as number | undefined : wrong(content, name, 'an integer')
}

function flag(content: Content, name: string, otherwise: boolean): boolean {
  const value = content[name] ?? otherwise
  return typeof value === 'boolean' ? value : wrong(content, name, 'true or false')
}

function texts(content: Content, name: string): Readonly<Record<string, string>> {
  const value = content[name] ?? {}
  const valid = typeof value === 'object' && !Array.isArray(value) &&
    Object.values(value).every(item => typeof item === 'string')
  return valid ? value as Record<string, string> : wrong(content, name, 'an object of strings')
}

function oneOf<T extends string>(content: Content, name: string, allowed: readonly T[]): T {
  const value = content[name]
  return allowed.find(one => one === value) ?? wrong(content, name, `one of ${allowed.join(', ')}`)
}

function wrong(content: Content, name: string, wanted: string): never {
  const found = JSON.stringify(content[name]) ?? 'nothing'
  throw new InvalidContent(`The field "${name}" must be ${wanted}, not ${found.slice(0, 100)}`)
}
