import { setTimeout as pause } from 'node:timers/promises'
import type { Router } from 'zeromq'

/** How long a message waits for who is to get it, and how often that is tried, in milliseconds: zeromq doesn't tell. */
const PATIENCE = 5000
const INTERVAL = 10

/**
 * Sends to who may not be there yet: a question of the first cell goes by another socket than the request that it came with,
 * which may be connected later. Rejects where nobody comes, or `signal` aborts. The router must be a `mandatory` one.
 */
export function patient(router: Router, signal: AbortSignal): Pick<Router, 'send'> {
  return {
    async send(frames) {
      const deadline = performance.now() + PATIENCE
      for (;;) {
        try {
          return await router.send(frames)
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'EHOSTUNREACH' || signal.aborted || performance.now() > deadline) throw error
        }
        await pause(INTERVAL, undefined, { ref: false })
      }
    }
  }
}
