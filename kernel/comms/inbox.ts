import type { Sink } from '../output/sink.ts'
import { workFor } from '../session/owner.ts'
import type { Arrival } from '../session/protocol.ts'
import type { CommTable } from './comms.ts'

/** Hands messages of front ends over to their comms, all that have come at once, and tells which were handled. */
export class Inbox {
  readonly #comms: CommTable
  readonly #sink: Sink
  readonly #waiting: Arrival[] = []
  #handled: string[] = []

  constructor(comms: CommTable, sink: Sink) {
    this.#comms = comms
    this.#sink = sink
  }

  take(arrivals: readonly Arrival[]): void {
    this.#waiting.push(...arrivals)
    this.resume()
  }

  /** Goes on where an interrupt has ended the code that a message called. */
  resume(): void {
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      const { parent, comm } = next
      this.#handled.push(parent)
      workFor({ cell: parent }, () => this.#comms.receive(comm))
    }
    // After what widgets still have to say about it.
    if (this.#handled.length > 0) queueMicrotask(() => this.#tell())
  }

  #tell(): void {
    const handled = this.#handled
    this.#handled = []
    this.#comms.sendEchoes()
    if (handled.length > 0) this.#sink.events(handled.map(parent => ({ type: 'handled', parent })))
  }
}
