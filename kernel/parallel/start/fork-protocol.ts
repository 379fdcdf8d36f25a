/** What the system calls a fork server, once it runs. */
export const TITLE = 'paracell fork server'

/** The first line that a fork server is sent: where its children report, and what proves that they are its children. */
export interface Introduction {
  readonly address: string
  readonly token: string
}

/** Any later line: a child to fork. */
export interface Ask {
  readonly id: number
}

/** What a child waits for before it runs anything: a frame of JSON, the first that comes by its link. */
export interface Identity {
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
}

/**
 * What comes back, one line each, from the server and from its children on the same descriptor: so a child's `hello`
 * is always read before the server's word about its end. The children keep it open, so it ends with the last of them.
 */
export type Answer =
  | { readonly type: 'ready' }
  | { readonly type: 'unable'; readonly reason: string; readonly where: 'system' | 'entry' }
  | { readonly type: 'hello'; readonly id: number; readonly pid: number }
  | { readonly type: 'refused'; readonly id: number; readonly reason: string }
  /** Its last word: nothing more comes from it, though the system may still be busy with what it had. */
  | { readonly type: 'left'; readonly id: number; readonly exitCode: number }
  | { readonly type: 'ended'; readonly id: number; readonly status: number }

/** The descriptors of a fork server that its asker opened. */
export const ASKS = 3
export const ANSWERS = 4

/** A child opens these connections, in this order, and names each in a header of fixed length. */
export const KINDS = ['link', 'stdout', 'stderr'] as const
export type Kind = (typeof KINDS)[number]

const ID_LENGTH = 8
/** A frame begins with the number of its bytes. */
export const FRAME_HEADER = 4

export function header(token: string, id: number, kind: Kind): string {
  return token + id.toString(16).padStart(ID_LENGTH, '0') + KINDS.indexOf(kind)
}

export function headerLength(token: string): number {
  return header(token, 0, 'link').length
}

export function readHeader(text: string, token: string): { id: number; kind: Kind | undefined } {
  const id = Number.parseInt(text.slice(token.length, token.length + ID_LENGTH), 16)
  return { id, kind: KINDS[Number(text.at(-1))] }
}

export function frame(content: unknown): Buffer {
  const body = Buffer.from(JSON.stringify(content))
  const head = Buffer.alloc(FRAME_HEADER)
  head.writeUInt32LE(body.length)
  return Buffer.concat([head, body])
}
