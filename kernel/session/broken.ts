import fs from 'node:fs'
import type { Sink } from '../output/sink.ts'

// What a cell may have overwritten by the time that this is needed.
const { pid } = process
const kill = process.kill.bind(process)
const { writeSync } = fs

/** Ends this session with all that it has started, itself last. */
export const killSession = (): boolean => kill(-pid, 'SIGKILL')

/** Ends a session whose own code fails, as it may after a cell has overwritten what all code needs; the next one is whole. */
export function endBroken(sink: Sink, error: unknown): void {
  const reason = `its own code failed, as it does when a cell overwrites or closes what the session needs (${describe(error)})`
  try {
    sink.event({ type: 'lost', reason })
  } catch {
    writeSync(2, `The session ends: ${reason}.\n`)
  } finally {
    killSession()
  }
}

function describe(error: unknown): string {
  try {
    return `${error as string}`
  } catch {
    return 'an error that cannot be shown'
  }
}
