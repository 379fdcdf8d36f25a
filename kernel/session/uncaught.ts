import { Interrupted } from '../errors.ts'
import type { Sink } from '../output/sink.ts'
import { endBroken } from './broken.ts'
import { toCellError } from './cell-error.ts'
import { currentOwner } from './owner.ts'

/** Shows what nobody caught in the cell that started it, and goes on. */
export function showUncaught(sink: Sink): (error: unknown) => void {
  const show = (thrown: unknown) => {
    // An interrupt is shown as the end of its cell.
    try {
      if (thrown instanceof Interrupted) return
      sink.write(currentOwner(), 'stderr', `Uncaught ${toCellError(thrown).traceback.join('\n')}\n`)
    } catch (error) {
      endBroken(sink, error)
    }
  }
  process.on('uncaughtException', show)
  process.on('unhandledRejection', show)
  return show
}
