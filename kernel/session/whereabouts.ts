import { getCallSites } from 'node:util'
import type { Interrupted } from '../errors.ts'
import { awaitNote, type CellRuntime, statementNote } from '../language/runtime.ts'
import type { TransformedCell } from '../language/transform.ts'
import type { WorkerPlace } from '../parallel/protocol.ts'
import { isUsers } from '../runtime/stack.ts'
import { workingCell } from './owner.ts'

const NAMED = '\n//# sourceURL=node:internal/interrupt'

/** What the supervisor has the main thread do in the middle of whatever that runs. */
export const stopExpression = (force: boolean, of?: readonly string[]): string => `__paracell__.stop(${force}, ${JSON.stringify(of)})${NAMED}`

/** What tells what the main thread does. */
export const STACK = `new Error().stack${NAMED}`

/** Where Node loads a part of its own, which must not be left half done: it would stay so. */
const LOADING = 'node:internal/bootstrap/realm'

/** As many frames as functions of the kernel's own may lie above the user's. */
const FRAMES = 200

/** How many workers are named in a traceback. */
const WORKERS_SHOWN = 8

/** Whose code lies below on the stack: the kernel's own comes to an end by itself. */
export function whoRuns(): 'nobody' | 'kernel' | 'user' {
  const files = getCallSites(FRAMES).map(({ scriptName }) => scriptName)
  // What was evaluated is no file: the first is the expression that the supervisor sent.
  const below = files.slice(files.indexOf('') + 1)
  // What goes on after an await has no frame yet when it is asked.
  if (below.length === 0) return workingCell() === '' ? 'nobody' : 'user'
  return below.some(isUsers) && !below.includes(LOADING) ? 'user' : 'kernel'
}

/** What has the main thread end the run that it is in the middle of, if newer values of these controls make that stale. */
export const END_STALE = '__paracell__.endStale'

/** An interrupted cell. */
export interface Whereabouts {
  readonly runtime: CellRuntime
  readonly cell: TransformedCell | undefined
  readonly file: string
  /** Where its workers were in it. */
  readonly places: readonly WorkerPlace[]
}

/** Gives an interrupt a stack that says where the cell was: what it ran, else which `await` it was at, and its workers. */
export function locate(interrupted: Interrupted, { runtime: { stack, at }, cell, file, places }: Whereabouts): void {
  const busy = framesOf(stack)
  const lines = busy.length > 0 ? busy : framesOf(interrupted.stack)
  const isNamed = lines.some(line => line.includes(`${file}:`))
  const wait = !isNamed && at !== undefined && cell ? placeOf(at, cell) : undefined
  const frame = wait ? [`    at ${file}:${wait.line}:${wait.column}`] : cell ? framesOfWorkers(places, cell, file) : []
  interrupted.stack = [`${interrupted.name}: ${interrupted.message}`, ...lines, ...frame].join('\n')
}

function framesOfWorkers(places: readonly WorkerPlace[], cell: TransformedCell, file: string): string[] {
  const shown = places.slice(0, WORKERS_SHOWN).flatMap(({ worker, statement }) => {
    const found = placeAfter(statementNote(statement), cell)
    const place = found && `${file}:${found.line}:${found.column}`
    return place === undefined ? [] : [places.length > 1 ? `    at ${worker} (${place})` : `    at ${place}`]
  })
  return places.length > WORKERS_SHOWN ? [...shown, `    … and ${places.length - WORKERS_SHOWN} more`] : shown
}

function placeAfter(note: string, cell: TransformedCell): ReturnType<TransformedCell['original']> {
  const start = cell.code.indexOf(note)
  return start < 0 ? undefined : placeAt(start + note.length, cell)
}

export function framesOf(stack: unknown): readonly string[] {
  return typeof stack === 'string' ? stack.split('\n').filter(line => line.startsWith('    at ')) : []
}

function placeOf(number: number, cell: TransformedCell): ReturnType<TransformedCell['original']> {
  return placeAt(cell.code.lastIndexOf('await', cell.code.indexOf(awaitNote(number))), cell)
}

function placeAt(offset: number, { code, original }: TransformedCell): ReturnType<TransformedCell['original']> {
  const before = code.slice(0, offset).split('\n')
  return original(before.length, (before.at(-1)?.length ?? 0) + 1)
}
