import type { CellRequest } from './protocol.ts'

type Tell = (cell: CellRequest) => void

/** Tells of each cell that begins, once there is somebody to tell: then of the newest first. */
export class CellNews {
  #tell: Tell | undefined
  #newest: CellRequest | undefined

  connect(tell: Tell): void {
    this.#tell = tell
    if (this.#newest) tell(this.#newest)
  }

  begin(cell: CellRequest): void {
    // Silent ones have no number.
    if (cell.count === 0) return
    this.#newest = cell
    this.#tell?.(cell)
  }
}
