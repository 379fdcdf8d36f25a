import type { MessagePort } from 'node:worker_threads'
import type { OutputServer } from '../../output/inherited.ts'
import type { Sink, SinkMemory } from '../../output/sink.ts'
import { portLink } from '../links.ts'
import type { Ask, FromHub, Item, Link, ToHub } from '../protocol.ts'
import { LockState } from './lock-state.ts'
import { QueueState } from './queue-state.ts'
import type { Waiter } from './waiters.ts'
import { Workers } from './workers.ts'

/** The hub's side of a realm: the session's main thread, or a worker. */
export type Client = Link<FromHub, ToHub>

export interface HubOptions {
  readonly sink: Sink
  readonly memory: SinkMemory
  readonly output: OutputServer
  readonly main: MessagePort
}

/**
 * Where everything that workers share lives: queues, locks and the workers themselves. It runs in the supervisor, so it
 * goes on while a cell blocks the main thread.
 */
export class Hub {
  readonly #queues = new Map<string, QueueState>()
  readonly #locks = new Map<string, LockState>()
  readonly #workers: Workers
  readonly #sink: Sink

  constructor({ sink, memory, output, main }: HubOptions) {
    const mainClient: Client = portLink(main)
    this.#sink = sink
    this.#workers = new Workers({ sink, memory, output, main: mainClient, attach: client => this.#attach(client), detach: client => this.#detach(client) })
    this.#attach(mainClient)
  }

  /** Stops the workers of the cell that runs. */
  interrupt(cell: string): void {
    this.#workers.interrupt(cell)
  }

  #attach(client: Client): void {
    client.listen(message => (this.#messages[message.type] as (message: ToHub, client: Client) => void)(message, client))
  }

  /** A realm has gone: nobody waits there any more, and its locks go on to the next. */
  #detach(client: Client): void {
    for (const queue of this.#queues.values()) queue.drop(client)
    for (const lock of this.#locks.values()) {
      if (lock.drop(client)) this.#sink.write(this.#workers.ownerOf(client), 'stderr', 'A worker ended while it held a Lock; the lock was released.\n')
    }
  }

  readonly #messages: { readonly [T in ToHub['type']]: (message: Extract<ToHub, { type: T }>, client: Client) => void } = {
    ask: ({ request, ask }, client) => this.#answer(ask, waiter(client, request)),
    cancel: ({ request }, client) => {
      for (const queue of this.#queues.values()) queue.drop(client, request)
      for (const lock of this.#locks.values()) lock.drop(client, request)
    },
    open: ({ queue, maxsize }) => void this.#queues.set(queue, new QueueState(maxsize)),
    close: ({ queue }) => this.#queues.get(queue)?.close(),
    warm: () => this.#workers.warm(),
    kill: ({ worker, signal }) => this.#workers.kill(worker, signal),
    finished: ({ outcome, clean }, client) => this.#workers.finished(client, outcome, clean)
  }

  #answer(ask: Ask, asking: Waiter<unknown>): void {
    try {
      ;(this.#asks[ask.type] as (ask: Ask, asking: Waiter<unknown>) => void)(ask, asking)
    } catch (error) {
      asking.reject(error as Error)
    }
  }

  readonly #asks: { readonly [T in Ask['type']]: (ask: Extract<Ask, { type: T }>, asking: Waiter<unknown>) => void } = {
    start: ({ worker, spec }, asking) => void this.#workers.start(worker, spec, asking.client as Client).then(asking.resolve, asking.reject),
    get: ({ queue, wait }, asking) => this.#queue(queue).get(asking as Waiter<Item>, wait),
    put: ({ queue, item, wait }, asking) => this.#queue(queue).put({ ...asking, item }, wait),
    size: ({ queue }, asking) => asking.resolve(this.#queue(queue).size),
    acquire: ({ lock, wait }, asking) => this.#lock(lock).acquire(asking, wait),
    release: ({ lock }, asking) => {
      this.#lock(lock).release()
      asking.resolve(undefined)
    }
  }

  #queue(id: string): QueueState {
    const queue = this.#queues.get(id)
    if (!queue) throw new Error('The queue is not of this session: it was made before the last restart.')
    return queue
  }

  #lock(id: string): LockState {
    const lock = this.#locks.get(id) ?? new LockState()
    this.#locks.set(id, lock)
    return lock
  }
}

function waiter(client: Client, request: number): Waiter<unknown> {
  return {
    client,
    request,
    resolve: value => client.post({ type: 'reply', request, value }),
    reject: ({ name, message, stack = '' }) => client.post({ type: 'failed', request, error: { name, message, stack } })
  }
}
