import { flushCompileCache } from 'node:module'
import timers from 'node:timers'

/** How long a session has had nothing to do when it gets ready for more, in milliseconds. */
const QUIET = 500

// The system's own: a cell's are stopped with it.
const { setTimeout } = timers

/**
 * In a quiet moment, loads what the first help takes, and keeps what has been compiled for the sessions to come: Node
 * does so when a process exits, but a session is killed. `hold` does each as one piece. Returns what is to be called when there was something to do.
 */
export function useQuiet(hold: (work: () => void) => void): () => void {
  const timer = setTimeout(() => void getReady(hold), QUIET).unref()
  return () => void timer.refresh()
}

async function getReady(hold: (work: () => void) => void): Promise<void> {
  try {
    await import('./inspections.ts')
    hold(flushCompileCache)
  } catch {
    // A cell has broken what all code needs: who asks for help will hear of it.
  }
}
