import { idOf } from '../capture/codecs.ts'
import { realm } from '../client/realm.ts'
import { Connection } from '../pipe.ts'
import { Value } from '../value.ts'
import type { Recording, TraceEvent, TraceWorker } from './events.ts'

/** Workers by their own names; things by the variables that they are in, others by what they are. */
export function withNames({ workers, things, events }: Pick<Recording, 'workers' | 'things' | 'events'>): { readonly workers: readonly TraceWorker[]; readonly events: readonly TraceEvent[] } {
  const named = [...workers].map(([id, { name, machine }]) => [id, machine === undefined ? name : `${name}@${machine}`] as const)
  const names = new Map([...unique(named), ...unique([...thingNames(things)])])
  const nameOf = (id: string) => names.get(id) ?? id
  return {
    workers: [...workers].map(([id, worker]) => ({ ...worker, name: nameOf(id) })),
    events: events.map(event => renamed(event, nameOf))
  }
}

/** Says which where two have the same name. */
function unique(entries: readonly (readonly [id: string, name: string])[]): [string, string][] {
  const seen = new Map<string, number>()
  return entries.map(([id, name]) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return [id, count === 1 ? name : `${name} (${count})`]
  })
}

function* thingNames(things: Recording['things']): Generator<[string, string]> {
  const variables = variableNames()
  const counts = new Map<string, number>()
  for (const [id, kind] of things) {
    const variable = variables.get(id)
    const count = (counts.get(kind) ?? 0) + 1
    if (!variable) counts.set(kind, count)
    yield [id, variable ?? (id === 'pool' ? kind : `${kind} ${count}`)]
  }
}

/** The notebook's variables that hold a queue, a lock and so on, by the ids of these: of a pipe, those of both ends. */
export function variableNames(): ReadonlyMap<string, string> {
  const { scope } = realm()
  const names = new Map<string, string>()
  for (const name of scope.names?.() ?? []) {
    const value = valueOf(name)
    const id = idOf(value)
    const other = id === undefined ? undefined : names.get(id)
    // Its lock has no variable of its own.
    if (value instanceof Value) names.set(`${id} lock`, `${name}.getLock()`)
    if (id !== undefined && (other === undefined || value instanceof Connection)) names.set(id, other === undefined ? name : `${other}/${name}`)
  }
  return names
}

function valueOf(name: string): unknown {
  try {
    const binding = realm().scope.lookup(name)
    return binding?.kind === 'variable' ? binding.value : undefined
  } catch {
    // Declared, and not yet given a value.
    return undefined
  }
}

const references: ReadonlySet<string> = new Set(['worker', 'by', 'from', 'to', 'through', 'who', 'on'])

function renamed(event: TraceEvent, nameOf: (id: string) => string): TraceEvent {
  return Object.fromEntries(Object.entries(event).map(([key, value]) => [key, references.has(key) ? nameOf(value as string) : (value as unknown)])) as unknown as TraceEvent
}
