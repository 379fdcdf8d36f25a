import { History } from './history/history.ts'
import type { HistoryStore } from './history/store.ts'
import { RequestQueue } from './queue.ts'

/** What runs one request at a time, and counts its cells. Several of them run concurrently. */
export class Shell {
  readonly queue = new RequestQueue()
  readonly history: History
  /** Execution count of the last cell. */
  count = 0

  constructor(store: HistoryStore) {
    this.history = new History(store)
  }
}
