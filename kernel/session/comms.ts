import type { Sink } from '../output/sink.ts'
import { currentOwner } from './owner.ts'
import type { CommMessage, Comms } from './protocol.ts'

type Handler = (comm: CommMessage) => void

/** The open comms of the session, and who handles comms that the front end opens. */
export class CommTable {
  readonly #sink: Sink
  readonly #targets = new Map<string, Handler>()
  readonly #open = new Map<string, { readonly target_name: string; readonly handler: Handler }>()

  constructor(sink: Sink) {
    this.#sink = sink
  }

  /** `handler` gets each comm that the front end opens for this target, and what follows on it. */
  registerTarget(target: string, handler: Handler): void {
    this.#targets.set(target, handler)
  }

  /** Whether nothing of the front end can come by a comm. */
  get isEmpty(): boolean {
    return this.#open.size + this.#targets.size === 0
  }

  list(target?: string): Comms {
    const entries = [...this.#open].filter(([, comm]) => target === undefined || comm.target_name === target)
    return Object.fromEntries(entries.map(([id, { target_name }]) => [id, { target_name }]))
  }

  /** Takes a message of the front end. A comm that nobody knows is closed, as the protocol says. */
  receive(comm: CommMessage): void {
    const id = comm.content.comm_id
    if (comm.kind === 'open') this.#accept(comm)
    else if (this.#open.has(id)) this.#open.get(id)?.handler(comm)
    if (comm.kind === 'close') this.#open.delete(id)
  }

  #accept(comm: CommMessage): void {
    const target = String(comm.content['target_name'])
    const handler = this.#targets.get(target)
    if (!handler) return this.#refuse(comm, target)
    this.#open.set(comm.content.comm_id, { target_name: target, handler })
    handler(comm)
  }

  #refuse(comm: CommMessage, target: string): void {
    const content = { comm_id: comm.content.comm_id, data: {} }
    this.#sink.write(currentOwner(), 'stderr', `Nothing in this session takes comms for the target "${target}".\n`)
    this.#sink.event({ type: 'comm', owner: currentOwner(), comm: { kind: 'close', content, metadata: {}, buffers: [] } })
  }
}
