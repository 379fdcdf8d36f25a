import type { ChainableCommander, Redis } from 'ioredis'
import { KEYS, type Names } from './names.ts'

/** How often everybody says that they are there, in milliseconds. */
const BEAT = 2000
/** Whoever has not said so for this long is gone, in milliseconds. */
const SILENCE = 10_000
/** A list that nobody adds to vanishes after so long, in milliseconds. */
const LIST_LIFETIME = 24 * 60 * 60 * 1000
/** An inbox that nobody reads vanishes after so long, in milliseconds. */
const INBOX_LIFETIME = 60_000

export interface PulseOptions {
  readonly redis: Redis
  readonly names: Names
  readonly id: string
}

interface Watched {
  readonly peer: string
  readonly lost: () => void
}

/** Says regularly that this endpoint is there, and notices when another one does not any more. */
export class Pulse implements Disposable {
  readonly #options: PulseOptions
  readonly #watched = new Set<Watched>()
  readonly #timer: NodeJS.Timeout
  #describe: (() => object) | undefined
  /** Since when there is a connection, in milliseconds since 1970: right after it nothing can be said of others. */
  #connected = Date.now()

  constructor(options: PulseOptions) {
    this.#options = options
    this.#timer = setInterval(() => void this.beat().catch(() => undefined), BEAT)
    options.redis.on('ready', () => {
      this.#connected = Date.now()
      void this.beat().catch(() => undefined)
    })
  }

  /** From now on it is listed among the machines, with what `describe` says of it. */
  async list(describe: () => object): Promise<void> {
    this.#describe = describe
    await this.beat()
  }

  async beat(): Promise<void> {
    const { redis, names, id } = this.#options
    const inbox = names.inbox(id)
    const watched = [...this.#watched]
    const asked = redis.pipeline()
    asked.set(names.pulse(id), JSON.stringify(this.#describe?.() ?? {}), 'PX', SILENCE)
    asked.pexpire(inbox, INBOX_LIFETIME)
    for (const { peer } of watched) asked.exists(names.pulse(peer))
    if (this.#describe) this.#enlist(asked)
    const [, [, hasInbox] = [], ...present] = (await asked.exec()) ?? []
    if (hasInbox === 0) await this.#makeInbox(inbox)
    if (Date.now() - this.#connected < SILENCE) return
    for (const [index, each] of watched.entries()) {
      if (present[index]?.[1] === 0 && this.#watched.delete(each)) each.lost()
    }
  }

  /** Calls back once if an endpoint is gone, until the result is disposed of. */
  watch(peer: string, lost: () => void): Disposable {
    const watched = { peer, lost }
    this.#watched.add(watched)
    return { [Symbol.dispose]: () => void this.#watched.delete(watched) }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  #enlist(asked: ChainableCommander): void {
    const { names, id } = this.#options
    const until = Date.now() + SILENCE
    for (const [list, member] of [[names.machines, id], [KEYS, names.fingerprint]] as const) {
      asked.zremrangebyscore(list, '-inf', Date.now()).zadd(list, until, member).pexpire(list, LIST_LIFETIME)
    }
  }

  /** Others write only into one that is there, so that nothing stays of whoever has gone. */
  async #makeInbox(inbox: string): Promise<void> {
    await this.#options.redis.pipeline().xadd(inbox, 'MAXLEN', 0, '*', 'f', '').pexpire(inbox, INBOX_LIFETIME).exec()
  }
}
