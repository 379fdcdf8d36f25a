import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import jmp, { type Message as Parsed } from 'jmp'
import { keepNewest } from '../keep-newest.ts'
import type { Connection } from './connection.ts'
import type { Content, Header, Message } from './messages.ts'

export type Frames = readonly (Uint8Array | string)[]

const DELIMITER = Buffer.from('<IDS|MSG>')
// Signature, header, parent header, metadata, content: what must follow the delimiter.
const FRAMES_AFTER_DELIMITER = 5
const REMEMBERED_SIGNATURES = 65_536
const LONG_TEXT = 4096

/** Something that is not a message of this kernel's front end arrived. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage'
  readonly problem: 'short' | 'signature' | 'duplicate' | 'json' | 'header'

  constructor(problem: MalformedMessage['problem'], explanation: string, options?: ErrorOptions) {
    super(explanation, options)
    this.problem = problem
  }
}

/** Frames to messages and back, signed with the key of the connection. */
export class Codec {
  /** None: nothing is signed. */
  readonly #key: KeyObject | undefined
  readonly #hash: string
  readonly #seen = new Set<string>()

  constructor({ key, hash }: Pick<Connection, 'key' | 'hash'>) {
    this.#key = key === '' ? undefined : createSecretKey(key, 'utf8')
    this.#hash = hash
  }

  encode(message: Message): Frames {
    const frames = new jmp.Message({
      idents: [...message.identities],
      header: message.header,
      parent_header: message.parentHeader,
      metadata: message.metadata,
      content: message.content,
      buffers: [...message.buffers]
    })._encode(this.#hash, '')
    const start = message.identities.length + 1
    const content = start + FRAMES_AFTER_DELIMITER - 1
    frames[content] = asBytes(frames[content] ?? '')
    // Signed here and not by jmp, whose deprecated Buffer constructor makes Node print a warning.
    frames[start] = this.#sign(frames.slice(start + 1, start + FRAMES_AFTER_DELIMITER))
    return frames
  }

  /**
   * Checks the signature, then parses.
   *
   * @throws MalformedMessage for anything that isn't a whole message with a valid signature seen for the first time
   */
  decode(frames: readonly Buffer[]): Message {
    const start = frames.findIndex(frame => DELIMITER.equals(frame)) + 1
    if (start === 0) throw new MalformedMessage('short', 'no frame is the delimiter <IDS|MSG>')
    const count = frames.length - start
    if (count < FRAMES_AFTER_DELIMITER) {
      throw new MalformedMessage('short', `${count} frames instead of 5 after the delimiter`)
    }
    this.#verify(frames.slice(start, start + FRAMES_AFTER_DELIMITER))
    return checked(parse(frames, this.#hash))
  }

  #verify([signature, ...signed]: readonly Buffer[]): void {
    if (!this.#key || !signature) return
    const expected = this.#sign(signed)
    const wanted = Buffer.from(expected)
    if (wanted.length !== signature.length || !timingSafeEqual(wanted, signature)) {
      throw new MalformedMessage('signature', signature.length === 0 ? 'it is not signed' : 'its signature is wrong')
    }
    if (this.#seen.has(expected)) throw new MalformedMessage('duplicate', 'the same message arrived before')
    this.#seen.add(expected)
    keepNewest(this.#seen, REMEMBERED_SIGNATURES)
  }

  #sign(frames: Frames): string {
    if (!this.#key) return ''
    const hmac = createHmac(this.#hash, this.#key)
    for (const frame of frames) hmac.update(frame)
    return hmac.digest('hex')
  }
}

/** Long text becomes bytes once, for the signature and for the socket. */
function asBytes(frame: Uint8Array | string): Uint8Array | string {
  return typeof frame === 'string' && frame.length > LONG_TEXT ? Buffer.from(frame) : frame
}

function parse(frames: readonly Buffer[], hash: string): Parsed | null {
  try {
    return jmp.Message._decode(frames, hash, '')
  } catch (cause) {
    throw new MalformedMessage('json', 'a frame is not JSON', { cause })
  }
}

function checked(parsed: Parsed | null): Message {
  if (!parsed) throw new MalformedMessage('short', 'a frame is too long to be read')
  const { idents, header, parent_header: parentHeader, metadata, content, buffers } = parsed
  if (!isHeader(header)) throw new MalformedMessage('header', 'its header has no msg_id and msg_type')
  for (const [name, value] of Object.entries({ parent_header: parentHeader, metadata, content })) {
    if (!isObject(value)) throw new MalformedMessage('json', `its ${name} is not an object`)
  }
  return {
    identities: idents,
    header,
    parentHeader: parentHeader as Partial<Header>,
    metadata: metadata as Content,
    content: content as Content,
    buffers
  }
}

function isObject(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isHeader(value: unknown): value is Header & Content {
  return isObject(value) && typeof value['msg_id'] === 'string' && typeof value['msg_type'] === 'string'
}
