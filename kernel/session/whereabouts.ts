import type { Interrupted } from '../errors.ts'
import { awaitNote, type CellRuntime } from '../language/runtime.ts'
import type { TransformedCell } from '../language/transform.ts'

/** What an interrupt has the main thread do before it ends its JavaScript: the frames below are what runs. */
export const NOTE_STACK = '__paracell__.stack = new Error().stack\n//# sourceURL=node:internal/interrupt'

/** What has the main thread end the run that it is in the middle of, if newer values of these controls make that stale. */
export const END_STALE = '__paracell__.endStale'

/** Gives an interrupt a stack that says where the cell was: what it ran, else which `await` it was at. */
export function locate(interrupted: Interrupted, { stack, at }: CellRuntime, cell: TransformedCell | undefined, file: string): void {
  const busy = framesOf(stack)
  const lines = busy.length > 0 ? busy : framesOf(interrupted.stack)
  const isNamed = lines.some(line => line.includes(`${file}:`))
  const wait = !isNamed && at !== undefined && cell ? placeOf(at, cell) : undefined
  const places = wait ? [...lines, `    at ${file}:${wait.line}:${wait.column}`] : lines
  interrupted.stack = [`${interrupted.name}: ${interrupted.message}`, ...places].join('\n')
}

function framesOf(stack: unknown): readonly string[] {
  return typeof stack === 'string' ? stack.split('\n').filter(line => line.startsWith('    at ')) : []
}

function placeOf(number: number, cell: TransformedCell): ReturnType<TransformedCell['original']> {
  const note = cell.code.indexOf(awaitNote(number))
  const before = cell.code.slice(0, cell.code.lastIndexOf('await', note)).split('\n')
  return cell.original(before.length, (before.at(-1)?.length ?? 0) + 1)
}
