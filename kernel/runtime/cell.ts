import { currentSignal } from '../session/owner.ts'

/** What a cell's code knows of the cell that it belongs to: the global `cell`. */
export interface RunningCell {
  /**
   * Aborted when the cell is interrupted, with the KeyboardInterrupt as its reason. Code that was started by the cell
   * gets the cell's own, however late it runs. In a thread or process it never is: an interrupt ends these as a whole.
   *
   * @example
   * await fetch('https://example.org', { signal: cell.signal })
   */
  readonly signal: AbortSignal
}

/** Makes `cell` a global, which cells may declare anew. */
export function installCell(): void {
  let never: AbortSignal | undefined
  const cell: RunningCell = {
    get signal() {
      return currentSignal() ?? (never ??= new AbortController().signal)
    }
  }
  Object.defineProperty(globalThis, 'cell', { value: cell, writable: true, configurable: true })
}
