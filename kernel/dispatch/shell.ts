import { History } from './history.ts'
import { RequestQueue } from './queue.ts'

/** What runs one request at a time, and counts its cells. Several of them run concurrently. */
export class Shell {
  readonly queue = new RequestQueue()
  readonly history = new History()
  /** Execution count of the last cell. */
  count = 0
}
