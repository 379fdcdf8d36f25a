import { type KeyObject, randomBytes } from 'node:crypto'
import { CHANNEL_LENGTH, isGenuine, Kind, type SealedFrame, sealFrame } from './frame.ts'
import { derive } from './seal.ts'
import type { Ticket } from './ticket.ts'

/** What a machine says first about a process that it has started for a job. */
export interface Hello {
  readonly job: string
  /** The ticket's, and one of this start's own: no two channels have the same keys. */
  readonly nonces: readonly [ticket: string, start: string]
  readonly pid: number
  readonly machine: MachineName
}

export interface MachineName {
  /** Its endpoint. */
  readonly id: string
  readonly name: string
}

/** The keys of a channel, one for each direction. */
export interface ChannelKeys {
  readonly toMachine: KeyObject
  readonly toSession: KeyObject
}

/** A hello for a start of the ticket's job, and the id of the channel that it begins. */
export function newHello(secret: Uint8Array, { id, nonce }: Ticket, pid: number, machine: MachineName): { hello: Hello; channel: Buffer; frame: SealedFrame } {
  const channel = randomBytes(CHANNEL_LENGTH)
  const hello: Hello = { job: id, nonces: [nonce, randomBytes(16).toString('hex')], pid, machine }
  const payload = Buffer.from(JSON.stringify(hello))
  const frame = sealFrame(helloKey(secret), { channel, kind: Kind.hello, number: 0, taken: 0, payload })
  return { hello, channel, frame }
}

/** What a hello or a refusal says, if it comes from somebody with the key. */
export function readHello(secret: Uint8Array, frame: SealedFrame): Hello | Refusal | undefined {
  return isGenuine(helloKey(secret), frame) ? (JSON.parse(frame.payload.toString()) as Hello | Refusal) : undefined
}

/** Why a machine can't run a job that it may. */
export interface Refusal {
  readonly job: string
  readonly machine: MachineName
  readonly reason: string
}

export function newRefusal(secret: Uint8Array, { id, nonce }: Ticket, machine: MachineName, reason: string): SealedFrame {
  const refusal: Refusal = { job: id, machine, reason }
  const payload = Buffer.from(JSON.stringify({ ...refusal, nonce }))
  return sealFrame(helloKey(secret), { channel: randomBytes(CHANNEL_LENGTH), kind: Kind.refusal, number: 0, taken: 0, payload })
}

export function isRefusal(message: Hello | Refusal): message is Refusal {
  return 'reason' in message
}

export function keysOf(secret: Uint8Array, { job, nonces }: Hello): ChannelKeys {
  const keyFor = (direction: string) => derive(secret, 'channel', direction, job, ...nonces)
  return { toMachine: keyFor('to machine'), toSession: keyFor('to session') }
}

/** Tells a machine that nobody waits for the process that it has told of. */
export function farewell(secret: Uint8Array, hello: Hello, channel: Buffer): SealedFrame {
  return sealFrame(keysOf(secret, hello).toMachine, { channel, kind: Kind.bye, number: 1, taken: 0, payload: new Uint8Array() })
}

const helloKey = (secret: Uint8Array): KeyObject => derive(secret, 'hello')
