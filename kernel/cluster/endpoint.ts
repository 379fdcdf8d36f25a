import type { Redis } from 'ioredis'
import { uniqueId } from '../random.ts'
import type { Address } from './address.ts'
import type { Channel } from './channel.ts'
import { Kind, readFrame, type SealedFrame } from './frame.ts'
import type { Key } from './key.ts'
import { Names } from './names.ts'
import { Outbox } from './outbox.ts'
import { Pulse } from './pulse.ts'
import { openRedis } from './redis.ts'

/** How long one look into the inbox waits, in milliseconds: a connection that is dead is found out then. */
const LOOK = 5000
/** The most entries that are taken out of the inbox at a time. */
const MOST = 64

export interface EndpointOptions {
  readonly address: Address
  readonly key: Key
  /** A frame that begins a channel that is not there yet, or says that there won't be one. */
  hello?(frame: SealedFrame): void
}

/** A session or a machine, as the others reach it: an inbox in Redis, and channels that end in it. */
export class Endpoint implements AsyncDisposable {
  readonly id: string
  readonly redis: Redis
  readonly names: Names
  readonly key: Key
  readonly pulse: Pulse
  readonly #options: EndpointOptions
  readonly #reader: Redis
  readonly #outbox: Outbox
  readonly #channels = new Map<string, Channel>()
  #isClosed = false

  static async open(options: EndpointOptions): Promise<Endpoint> {
    const redis = await openRedis(options.address)
    const endpoint = new Endpoint(options, redis)
    await endpoint.pulse.beat()
    void endpoint.#read()
    return endpoint
  }

  private constructor(options: EndpointOptions, redis: Redis) {
    this.id = uniqueId()
    this.#options = options
    this.redis = redis
    this.key = options.key
    this.names = new Names(options.key)
    this.#reader = redis.duplicate()
    this.#reader.on('error', () => undefined)
    this.#outbox = new Outbox(redis)
    this.pulse = new Pulse({ redis, names: this.names, id: this.id })
    redis.on('ready', () => this.#resend())
  }

  /** Puts a frame into somebody's inbox. */
  post(peer: string, frame: SealedFrame): void {
    this.#outbox.put(this.names.inbox(peer), frame)
  }

  /** From now on the channel's frames go to it. */
  add(channel: Channel): void {
    this.#channels.set(channel.id.toString('hex'), channel)
  }

  remove(channel: Channel): void {
    channel.close()
    this.#channels.delete(channel.id.toString('hex'))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    for (const channel of [...this.#channels.values()]) this.remove(channel)
    this.pulse[Symbol.dispose]()
    this.#reader.disconnect()
    if (this.redis.status === 'ready') await this.redis.del(this.names.pulse(this.id), this.names.inbox(this.id)).catch(() => undefined)
    this.redis.disconnect()
  }

  /** A Redis that starts again may have forgotten the last of what it was told. */
  #resend(): void {
    for (const channel of this.#channels.values()) channel.resend()
  }

  async #read(): Promise<void> {
    const inbox = this.names.inbox(this.id)
    let last = '0'
    while (!this.#isClosed) {
      const found = await this.#look(inbox, last)
      if (!found) continue
      for (const [id, fields] of found) {
        last = id.toString()
        for (let i = 0; i + 1 < fields.length; i += 2) this.#take({ head: fields[i] as Buffer, payload: fields[i + 1] as Buffer })
      }
      const [time, count] = last.split('-')
      // What is lost of this is done with the next one.
      this.redis.xtrim(inbox, 'MINID', `${time}-${BigInt(count ?? 0) + 1n}`).catch(() => undefined)
    }
  }

  async #look(inbox: string, last: string): Promise<Entries | undefined> {
    try {
      const reply = await this.#reader.callBuffer('XREAD', 'COUNT', MOST, 'BLOCK', LOOK, 'STREAMS', inbox, last)
      return (reply as [Buffer, Entries][] | null)?.[0]?.[1]
    } catch {
      // The connection broke, and is made again.
      return undefined
    }
  }

  #take(sealed: SealedFrame): void {
    const frame = readFrame(sealed)
    if (!frame) return
    const channel = this.#channels.get(frame.channel.toString('hex'))
    if (channel) channel.take(sealed)
    else if (frame.kind === Kind.hello || frame.kind === Kind.refusal) this.#options.hello?.(sealed)
  }
}

type Entries = [id: Buffer, fields: Buffer[]][]
