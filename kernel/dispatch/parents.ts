import { keepNewest } from '../keep-newest.ts'
import type { History } from './history/history.ts'
import type { Message } from '../wire/messages.ts'

/** A request that outputs belong to. */
export interface Parent {
  readonly message: Message
  /** The cell's execution count; `0` for silent cells and messages that aren't cells. */
  readonly count: number
  /** Where the cell's result is remembered. */
  readonly history?: History
}

const REMEMBERED = 10_000

/** Which request an output belongs to: a cell may print long after it ended, and it still prints into its own place. */
export class Parents {
  readonly #byId = new Map<string, Parent>()
  #newestCell: Parent | undefined

  addCell(message: Message, count: number, history: History): void {
    this.#newestCell = { message, count, history }
    this.#add(this.#newestCell)
  }

  /** A message that isn't a cell but has outputs as well, such as a comm's. */
  addOther(message: Message): void {
    this.#add({ message, count: 0 })
  }

  knows(id: string): boolean {
    return this.#byId.has(id)
  }

  /** The request with this `msg_id`; the newest cell where it is unknown, or nothing before the first cell. */
  find(id: string): Parent | undefined {
    return this.#byId.get(id) ?? this.#newestCell
  }

  #add(parent: Parent): void {
    this.#byId.set(parent.message.header.msg_id, parent)
    keepNewest(this.#byId, REMEMBERED)
  }
}
