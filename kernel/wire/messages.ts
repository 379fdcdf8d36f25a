import { v4 as uuid } from 'uuid'

/** Version of the Jupyter messaging protocol that this kernel speaks. */
export const PROTOCOL_VERSION = '5.5'

export interface Header {
  readonly msg_id: string
  readonly msg_type: string
  readonly session: string
  readonly username: string
  /** ISO 8601. */
  readonly date: string
  readonly version: string
  /** Which subshell should handle the request; absent for the main shell. */
  readonly subshell_id?: string | null
}

export type Content = Readonly<Record<string, unknown>>

/** A message of the protocol, whichever way it goes. */
export interface Message {
  /** The frames before the delimiter: the route of a request and its reply, the topic on iopub. */
  readonly identities: readonly Uint8Array[]
  readonly header: Header
  /** Header of the request that caused this message; `{}` when nothing did. */
  readonly parentHeader: Partial<Header>
  readonly metadata: Content
  readonly content: Content
  readonly buffers: readonly Uint8Array[]
}

export interface Extras {
  readonly metadata?: Content
  readonly buffers?: readonly Uint8Array[]
}

const SENDER = { session: uuid(), username: 'paracell', version: PROTOCOL_VERSION } as const

/**
 * Makes a message that `parent` caused, addressed to whoever sent the parent.
 *
 * @param parent the request, or `undefined` for what the kernel says by itself
 * @example const reply = childOf(request, 'complete_reply', { status: 'ok', matches: [] })
 */
export function childOf(parent: Message | undefined, type: string, content: Content, extras: Extras = {}): Message {
  return {
    identities: parent?.identities ?? [],
    header: { msg_id: uuid(), msg_type: type, date: new Date().toISOString(), ...SENDER },
    parentHeader: parent?.header ?? {},
    metadata: extras.metadata ?? {},
    content,
    buffers: extras.buffers ?? []
  }
}

/** The same for iopub: addressed to all, under the message's type as the topic. */
export function broadcastOf(parent: Message | undefined, type: string, content: Content, extras: Extras = {}): Message {
  return { ...childOf(parent, type, content, extras), identities: [Buffer.from(type)] }
}
