import type { Recording, TraceEvent } from './events.ts'

/** Without those that waited all the time for what never came, such as the idle workers of another pool. */
export function withoutBystanders(recording: Recording): Recording {
  const events = recording.events.filter(event => !isIdle(event))
  const involved = new Set(events.flatMap(whoIn))
  const idle = new Set(recording.events.filter(isIdle).flatMap(whoIn))
  const workers = [...recording.workers].filter(([id, { kind }]) => kind === 'main' || involved.has(id) || !idle.has(id))
  const left = new Set(workers.map(([id]) => id))
  // One who holds a lock, or runs a program, is seen to wait, too.
  return { ...recording, workers: new Map(workers), events: recording.events.filter(event => !isIdle(event) || whoIn(event).every(id => left.has(id))) }
}

function isIdle(event: TraceEvent): boolean {
  return event.type === 'wait' && event.at < 0 && event.until === undefined
}

function whoIn(event: TraceEvent): string[] {
  const fields = event as unknown as Readonly<Record<string, unknown>>
  return ['who', 'worker', 'by', 'from', 'to'].flatMap(key => (typeof fields[key] === 'string' ? [fields[key]] : []))
}
