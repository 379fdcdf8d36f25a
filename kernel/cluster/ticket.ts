import { type KeyObject, randomBytes } from 'node:crypto'
import { derive, isSealed, seal } from './seal.ts'

/** A job is of no use any more after so long, in milliseconds. */
export const LIFETIME = 7 * 24 * 60 * 60 * 1000

/** An npm package that a job needs. */
export interface Package {
  readonly name: string
  readonly version: string
}

/** What a job says to the machine that takes it: whose it is, and what it needs. Its program comes later, by the channel. */
export interface Ticket {
  readonly id: string
  readonly name: string
  /** The endpoint of the session that waits for it. */
  readonly session: string
  /** Random, so that no channel is ever like another one. */
  readonly nonce: string
  /** In milliseconds since 1970. */
  readonly expires: number
  readonly tags: readonly string[]
  readonly packages: readonly Package[]
}

/** A ticket as it is kept in the queue. */
export interface SealedTicket {
  readonly ticket: string
  readonly seal: string
}

/** Why a machine does not take a job. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

export function newTicket(ticket: Pick<Ticket, 'id' | 'name' | 'session' | 'tags' | 'packages'>): Ticket {
  return { ...ticket, nonce: randomBytes(16).toString('hex'), expires: Date.now() + LIFETIME }
}

export function sealTicket(secret: Uint8Array, ticket: Ticket): SealedTicket {
  const text = JSON.stringify(ticket)
  return { ticket: text, seal: seal(ticketKey(secret), Buffer.from(text)).toString('base64') }
}

/** What the ticket says, if somebody with the key has written it for this job and not too long ago. */
export function openTicket(secret: Uint8Array, data: unknown, job: string | undefined): Ticket {
  const { ticket: text, seal: given } = Object(data) as Partial<SealedTicket>
  if (typeof text !== 'string' || typeof given !== 'string') throw new Refused('it has no signature')
  if (!isSealed(ticketKey(secret), Buffer.from(given, 'base64'), Buffer.from(text))) throw new Refused('its signature is not of our key')
  const ticket = JSON.parse(text) as Ticket
  if (ticket.id !== job) throw new Refused('its signature is that of another job')
  if (ticket.expires < Date.now()) throw new Refused('its time is over')
  return ticket
}

const ticketKey = (secret: Uint8Array): KeyObject => derive(secret, 'ticket')
