import assert from 'node:assert/strict'

/** A message as a client sees it: its four dictionaries as they came, and its binary buffers. */
export interface WireMessage {
  readonly header: Fields
  readonly parent_header: Fields
  readonly metadata: Fields
  readonly content: Fields
  readonly buffers: readonly Buffer[]
}

export type Fields = Readonly<Record<string, unknown>>
export type ChannelName = 'shell' | 'control' | 'stdin' | 'iopub'

type Check = (value: unknown) => boolean
type Shape = Readonly<Record<string, Check>>

interface Spec {
  readonly channels: readonly ChannelName[]
  readonly content: Shape
  readonly optional?: Shape
}

const string: Check = value => typeof value === 'string'
const boolean: Check = value => typeof value === 'boolean'
const count: Check = value => Number.isInteger(value) && (value as number) >= 0
const object: Check = value => typeof value === 'object' && value !== null && !Array.isArray(value)
const array: Check = Array.isArray
const listOf = (check: Check): Check => value => Array.isArray(value) && value.every(check)
const mapOf = (check: Check): Check => value => object(value) && Object.values(value as Fields).every(check)
const oneOf = (...allowed: readonly unknown[]): Check => value => allowed.includes(value)
const shape = (required: Shape, optional: Shape = {}): Check => value =>
  object(value) && problemsOf(value as Fields, required, optional).length === 0

const DATE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/
const PROTOCOL = '5.5'

const mimeBundle: Check = value =>
  object(value) && Object.keys(value as Fields).every(type => /^[^/\s]+\/\S+$/.test(type))
const ok = oneOf('ok')
const ERROR: Shape = { ename: string, evalue: string, traceback: listOf(string) }
const DISPLAY: Shape = { data: mimeBundle, metadata: object }
const COMM: Shape = { comm_id: string, data: object }
const historyEntry: Check = value => {
  if (!Array.isArray(value) || value.length !== 3) return false
  const [session, line, cell] = value as unknown[]
  const withOutput = Array.isArray(cell) && cell.length === 2 && string(cell[0]) && (cell[1] === null || string(cell[1]))
  return count(session) && count(line) && (string(cell) || withOutput)
}

const LANGUAGE_INFO = shape(
  { name: string, version: string, mimetype: string, file_extension: value => String(value).startsWith('.') },
  { pygments_lexer: string, codemirror_mode: value => string(value) || object(value), nbconvert_exporter: string }
)

const KERNEL_INFO: Shape = {
  status: ok,
  protocol_version: oneOf(PROTOCOL),
  implementation: string,
  implementation_version: value => string(value) && /^\d+\.\d+\.\d+/.test(value as string),
  language_info: LANGUAGE_INFO,
  banner: string,
  help_links: listOf(shape({ text: string, url: string })),
  supported_features: listOf(oneOf('debugger', 'kernel subshells'))
}

const reply = (content: Shape, optional: Shape = {}, channels: readonly ChannelName[] = ['shell']): Spec =>
  ({ channels, content, optional })
const control = (content: Shape): Spec => reply(content, {}, ['control'])
const onIopub = (content: Shape, optional: Shape = {}): Spec => ({ channels: ['iopub'], content, optional })

/** What a kernel may send, protocol 5.5. A field that isn't listed is an error, like one that is missing. */
const SPECS: Readonly<Record<string, Spec>> = {
  kernel_info_reply: reply(KERNEL_INFO, {}, ['shell', 'control']),
  execute_reply: reply({ status: ok, execution_count: count, user_expressions: object, payload: listOf(object) }),
  complete_reply: reply({ status: ok, matches: listOf(string), cursor_start: count, cursor_end: count, metadata: object }),
  inspect_reply: reply({ status: ok, found: boolean, data: mimeBundle, metadata: object }),
  is_complete_reply: reply({ status: oneOf('complete', 'incomplete', 'invalid', 'unknown') }, { indent: string }),
  history_reply: reply({ status: ok, history: listOf(historyEntry) }),
  comm_info_reply: reply({ status: ok, comms: mapOf(shape({ target_name: string })) }),
  interrupt_reply: control({ status: ok }),
  shutdown_reply: { channels: ['control', 'iopub'], content: { status: ok, restart: boolean } },
  debug_reply: control({ type: oneOf('response'), request_seq: count, seq: count, success: boolean, command: string }),
  create_subshell_reply: control({ status: ok, subshell_id: string }),
  delete_subshell_reply: control({ status: ok }),
  list_subshell_reply: control({ status: ok, subshell_id: listOf(string) }),
  input_request: { channels: ['stdin'], content: { prompt: string, password: boolean } },
  iopub_welcome: onIopub({ subscription: string }),
  status: onIopub({ execution_state: oneOf('starting', 'busy', 'idle') }),
  stream: onIopub({ name: oneOf('stdout', 'stderr'), text: string }),
  display_data: onIopub({ ...DISPLAY, transient: shape({}, { display_id: string }) }),
  update_display_data: onIopub({ ...DISPLAY, transient: shape({ display_id: string }) }),
  execute_input: onIopub({ code: string, execution_count: count }),
  execute_result: onIopub({ ...DISPLAY, execution_count: count }, { transient: object }),
  error: onIopub(ERROR),
  clear_output: onIopub({ wait: boolean }),
  debug_event: onIopub({ type: oneOf('event'), seq: count, event: string }, { body: object }),
  comm_open: onIopub({ ...COMM, target_name: string }, { target_module: value => value === null || string(value) }),
  comm_msg: onIopub(COMM),
  comm_close: onIopub(COMM)
}

// DAP replies carry what their command needs.
const OPEN_CONTENT = new Set(['debug_reply'])
// What a failed reply may carry besides the error.
const FAILED_EXTRAS: Readonly<Record<string, Shape>> = {
  execute_reply: { execution_count: count, user_expressions: object, payload: array }
}

/**
 * Fails unless a message that a kernel sent keeps to the protocol in each of its parts.
 *
 * @example assertValid('iopub', message)
 */
export function assertValid(channel: ChannelName, message: WireMessage): void {
  const type = String(message.header['msg_type'])
  const spec = SPECS[type]
  assert.ok(spec, `A kernel doesn't send messages of type "${type}"`)
  const problems = [
    ...problemsOf(message.header, HEADER, HEADER_OPTIONAL).map(problem => `header: ${problem}`),
    ...parentProblems(type, message.parent_header),
    ...(object(message.metadata) ? [] : ['metadata: not an object']),
    ...contentProblems(type, spec, message.content),
    ...(spec.channels.includes(channel) ? [] : [`belongs on ${spec.channels.join(' or ')}, not on ${channel}`])
  ]
  assert.deepEqual(problems, [], `${type} breaks the protocol:\n${JSON.stringify(message, undefined, 2)}`)
}

const HEADER: Shape = {
  msg_id: value => string(value) && value !== '',
  msg_type: string,
  session: value => string(value) && value !== '',
  username: string,
  date: value => string(value) && DATE.test(value as string),
  version: oneOf(PROTOCOL)
}
const HEADER_OPTIONAL: Shape = { subshell_id: value => value === null || string(value) }

function parentProblems(type: string, parent: Fields): string[] {
  const needed = type.endsWith('_reply') || type === 'input_request' || type === 'execute_input'
  const known = string(parent['msg_id']) && string(parent['msg_type'])
  if (known || (Object.keys(parent).length === 0 && !needed)) return []
  return ['parent_header: not the header of the request']
}

function contentProblems(type: string, spec: Spec, content: Fields): string[] {
  if (OPEN_CONTENT.has(type)) return problemsOf(content, spec.content, content as Shape, false)
  const failed = type.endsWith('_reply') && (content['status'] === 'error' || content['status'] === 'aborted')
  if (!failed) return problemsOf(content, spec.content, spec.optional ?? {})
  const required = content['status'] === 'error' ? { status: string, ...ERROR } : { status: string }
  return problemsOf(content, required, FAILED_EXTRAS[type] ?? {})
}

function problemsOf(fields: Fields, required: Shape, optional: Shape, closed = true): string[] {
  const missing = Object.keys(required).filter(name => !(name in fields)).map(name => `${name} is missing`)
  const wrong = Object.entries(fields).flatMap(([name, value]) => {
    const check = required[name] ?? (closed ? optional[name] : () => true)
    if (!check) return [`${name} is not a field of it`]
    return check(value) ? [] : [`${name} is ${JSON.stringify(value)}`]
  })
  return [...missing, ...wrong]
}
