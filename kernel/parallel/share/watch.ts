/**
 * Waking a sleeping owner costs far more than an access itself. So an owner that was just asked looks for the next
 * request for some microseconds, of this thread or any other, before it goes back to its event loop.
 */

import { lookOut } from './pace.ts'

/** Somebody whose requests are looked for. */
export interface Watched {
  readonly isAsking: boolean
  /** Answers; the next request rings unless `watching`. */
  answer(watching: boolean): void
  /** Ends the watching; false when a request came in between. */
  sleep(): boolean
}

/** How much of one turn of the event loop may go by like this, so that timers and messages have theirs. */
const TURN_MS = 2

let turnEnd = 0
const watched = new Set<Watched>()

/** Answers the pending request and, where more are expected soon, those that follow. */
export function watch(asking: Watched, expectMore: boolean): void {
  if (!expectMore || isTurnOver()) return asking.answer(false)
  watched.add(asking)
  asking.answer(true)
  while (performance.now() < turnEnd && lookOut(answerAll));
  for (const each of watched) if (!each.sleep()) each.answer(false)
  watched.clear()
}

function answerAll(): boolean {
  let any = false
  for (const each of watched) {
    if (!each.isAsking) continue
    any = true
    each.answer(true)
  }
  return any
}

function isTurnOver(): boolean {
  const now = performance.now()
  if (turnEnd === 0) {
    turnEnd = now + TURN_MS
    setImmediate(() => { turnEnd = 0 }).unref()
  }
  return now >= turnEnd
}
