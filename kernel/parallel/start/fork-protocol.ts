/** The first line that a fork server is sent: where its children report, and what proves that they are its children. */
export interface Introduction {
  readonly address: string
  readonly token: string
}

/** Any later line: a child to fork. */
export interface Ask {
  readonly id: number
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
  | { readonly type: 'ended'; readonly id: number; readonly status: number }

/** The descriptors of a fork server that its asker opened. */
export const ASKS = 3
export const ANSWERS = 4

/** A child opens these connections, in this order, and names each in a header of fixed length. */
export const KINDS = ['link', 'stdout', 'stderr'] as const
export type Kind = (typeof KINDS)[number]

const ID_LENGTH = 8

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
