import type { Plain, QueueSpec } from '../protocol.ts'
import { RING_BYTES, RingReader } from '../ring.ts'
import { openSharedMemory } from '../shared-memory.ts'
import type { Member } from './member.ts'
import type { QueueState } from './queue-state.ts'
import type { Things } from './things.ts'

/** No realm posts so many messages. */
const EVERYTHING = 2 ** 30

export interface RingOptions {
  /** Who writes to it. */
  readonly member: Member
  readonly things: Things
  /** Called for an item of a queue that is closed. */
  refuse(): void
}

/** Memory that a realm writes items to, as the hub reads it. */
export class Ring {
  readonly #options: RingOptions
  readonly #queues: QueueSpec[] = []
  #reader: RingReader | undefined
  readonly #release: () => void

  constructor(memory: ArrayBufferLike, release: () => void, options: RingOptions) {
    this.#options = options
    this.#reader = new RingReader(memory)
    this.#release = release
  }

  /** What the realm calls a queue from now on. */
  number(queue: QueueSpec, number: number): void {
    this.#queues[number] = queue
  }

  /**
   * Puts into queues what the realm wrote before it had posted more than `received` messages. Returns whether there was something.
   *
   * @param again it will be called again soon: the realm need not tell of what it writes until then
   */
  drain(received: number, again = false): boolean {
    const { things, member, refuse } = this.#options
    let [last, queue]: [number, QueueState | undefined] = [-1, undefined]
    this.#reader?.drain(received, again, (number: number, value: Plain) => {
      if (number !== last) queue = things.queue(this.#queues[(last = number)] as QueueSpec)
      member.recorder?.sent(member, this.#queues[number] as QueueSpec, value)
      if (!queue?.add(value)) refuse()
    })
    return last >= 0
  }

  /** The realm has gone: what it wrote still counts. */
  close(): void {
    this.drain(EVERYTHING)
    this.#reader = undefined
    this.#release()
  }
}

/** A ring that a process made. Undefined where memory can't be shared. */
export function openRing(path: string, options: RingOptions): Ring | undefined {
  const shared = openSharedMemory(path, RING_BYTES)
  return shared && new Ring(shared.memory, shared.release, options)
}
