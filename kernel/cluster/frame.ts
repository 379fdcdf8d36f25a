import type { KeyObject } from 'node:crypto'
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
  usage: 9,
  /** machine → session, instead of a hello: why the job can't run there. */
  refusal: 10
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

/** A frame on its way: its header, which ends with the seal of both, and its payload. An entry of a stream has such pairs. */
export interface SealedFrame {
  readonly head: Buffer
  readonly payload: Buffer
}

export function sealFrame(key: KeyObject, { channel, kind, number, taken, payload }: Frame): SealedFrame {
  const head = Buffer.allocUnsafe(HEADER_LENGTH + SEAL_LENGTH)
  head.set(channel)
  head[CHANNEL_LENGTH] = kind
  head.writeUInt32LE(number, CHANNEL_LENGTH + 1)
  head.writeUInt32LE(taken, CHANNEL_LENGTH + 5)
  head.set(seal(key, head.subarray(0, HEADER_LENGTH), payload), HEADER_LENGTH)
  return { head, payload: Buffer.from(payload.buffer, payload.byteOffset, payload.length) }
}

export function channelOf({ head }: SealedFrame): Buffer {
  return head.subarray(0, CHANNEL_LENGTH)
}

/** The frame, whoever wrote it. */
export function readFrame({ head, payload }: SealedFrame): Frame | undefined {
  if (head.length !== HEADER_LENGTH + SEAL_LENGTH) return undefined
  return {
    channel: channelOf({ head, payload }),
    kind: head[CHANNEL_LENGTH] as Kind,
    number: head.readUInt32LE(CHANNEL_LENGTH + 1),
    taken: head.readUInt32LE(CHANNEL_LENGTH + 5),
    payload
  }
}

/** Whether the other side has written it. */
export function isGenuine(key: KeyObject, { head, payload }: SealedFrame): boolean {
  return isSealed(key, head.subarray(HEADER_LENGTH), head.subarray(0, HEADER_LENGTH), payload)
}
