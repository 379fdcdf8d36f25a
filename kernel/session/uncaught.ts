import { Interrupted } from '../errors.ts'
import type { Sink } from '../output/sink.ts'
import { endBroken } from './broken.ts'
import { toCellError } from './cell-error.ts'
import { currentOwner } from './owner.ts'

/**
 * Shows what nobody caught in the cell that started it, and goes on; listeners of the notebook's own hear of it besides, since some
 * libraries listen without a word. Returns what is to be called with an error that Node doesn't see.
 */
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
  const events: NodeJS.EventEmitter = process
  events.on('uncaughtException', show)
  events.on('unhandledRejection', show)
  return thrown => {
    if (thrown instanceof Interrupted) return
    if (!events.listeners('uncaughtException').includes(show)) show(thrown)
    events.emit('uncaughtException', thrown, 'uncaughtException')
  }
}
