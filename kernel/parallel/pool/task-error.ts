import { hide, WorkerError } from '../client/errors.ts'
import type { RemoteErrorData } from '../protocol.ts'

/** A call of a pool's function failed: `index` says for which item, counted from 0, where it is known. */
export class TaskError extends WorkerError {
  declare readonly index: number | undefined

  constructor(error: RemoteErrorData, worker: string, index?: number) {
    super(error, index === undefined ? worker : `${worker}, item ${index}`)
    hide(this, { index })
  }
}
