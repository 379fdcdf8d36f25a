import { workFor } from '../session/owner.ts'
import type { Arrival } from '../session/protocol.ts'
import type { CommTable } from './comms.ts'

/** Hands messages of front ends over to their comms, all that have come at once, and tells which were handled. */
export class Inbox {
  readonly #comms: CommTable
  readonly #waiting: Arrival[] = []
  #handled: string[] = []

  constructor(comms: CommTable) {
    this.#comms = comms
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
      this.#comms.hold()
      workFor({ cell: parent }, () => this.#comms.receive(comm))
    }
    // After what widgets still have to say about it.
    if (this.#handled.length > 0) queueMicrotask(() => this.#tell())
  }

  #tell(): void {
    const handled = this.#handled
    this.#handled = []
    this.#comms.release(handled.map(parent => ({ type: 'handled', parent })))
  }
}
