import { isSealed, seal, SEAL_LENGTH } from './seal.ts'

/** What the two ends of a channel say to each other. */
export const Kind = {
  /** So far everything was taken. Not numbered. */
  ack: 0,
  /** Something is missing: what was not acknowledged has to come again. Not numbered. */
  again: 1,
  /** machine → session: the job's process is there. Comes first. */
  hello: 2,
  /** Bytes of the link between a worker and the hub. */
  link: 3,
  stdout: 4,
  stderr: 5,
  /** session → machine: a signal for the process. */
  signal: 6,
  /** machine → session: how the process ended. Comes last. */
  exit: 7,
  /** session → machine: nobody needs the job any more. */
  bye: 8,
  /** session → machine, and back: what the process has used. */
  usage: 9
} as const
export type Kind = (typeof Kind)[keyof typeof Kind]

export interface Frame {
  /** Which channel: CHANNEL_LENGTH bytes. */
  readonly channel: Buffer
  readonly kind: Kind
  /** Counted from 1 in each direction; 0 for what is not numbered. */
  readonly number: number
  /** Up to which number everything has been taken that the other side sent. */
  readonly taken: number
  readonly payload: Uint8Array
}

export const CHANNEL_LENGTH = 8
const HEADER_LENGTH = CHANNEL_LENGTH + 1 + 4 + 4

export function encodeFrame(key: Uint8Array, { channel, kind, number, taken, payload }: Frame): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER_LENGTH + payload.length + SEAL_LENGTH)
  bytes.set(channel)
  bytes[CHANNEL_LENGTH] = kind
  bytes.writeUInt32LE(number, CHANNEL_LENGTH + 1)
  bytes.writeUInt32LE(taken, CHANNEL_LENGTH + 5)
  bytes.set(payload, HEADER_LENGTH)
  const end = HEADER_LENGTH + payload.length
  bytes.set(seal(key, bytes.subarray(0, end)), end)
  return bytes
}

/** The frame, whoever wrote it. */
export function readFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < HEADER_LENGTH + SEAL_LENGTH) return undefined
  return {
    channel: bytes.subarray(0, CHANNEL_LENGTH),
    kind: bytes[CHANNEL_LENGTH] as Kind,
    number: bytes.readUInt32LE(CHANNEL_LENGTH + 1),
    taken: bytes.readUInt32LE(CHANNEL_LENGTH + 5),
    payload: bytes.subarray(HEADER_LENGTH, bytes.length - SEAL_LENGTH)
  }
}

/** Whether the other side has written it. */
export function isGenuine(key: Uint8Array, bytes: Buffer): boolean {
  const end = bytes.length - SEAL_LENGTH
  return isSealed(key, bytes.subarray(0, end), bytes.subarray(end))
}

/** Frames in a row, as an entry of a stream holds them. */
export function joinFrames(frames: readonly Buffer[]): Buffer {
  const pieces = frames.flatMap(frame => {
    const length = Buffer.allocUnsafe(4)
    length.writeUInt32LE(frame.length)
    return [length, frame]
  })
  return Buffer.concat(pieces)
}

export function* splitFrames(entry: Buffer): Generator<Buffer> {
  for (let at = 0; at + 4 <= entry.length; ) {
    const end = at + 4 + entry.readUInt32LE(at)
    yield entry.subarray(at + 4, end)
    at = end
  }
}
