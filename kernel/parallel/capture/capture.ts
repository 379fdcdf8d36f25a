import { CannotTravelError } from './cannot-travel.ts'
import { rootId } from './content.ts'
import { Draft } from './draft.ts'
import { pack } from './pack.ts'
import type { Mode, Parcel, Scope } from './parcel.ts'

/**
 * Takes a value, with everything that it uses, out of the notebook, to be sent to another thread or process.
 *
 * In mode `copy` the parcel holds a copy of every variable as it is now. In mode `share` the notebook's own variables
 * stay where they are and are reached from there; functions, classes, primitive constants, what a function captured
 * from enclosing functions, and arguments are copied; shared memory is shared. Modules are imported anew.
 *
 * @param what how errors call the value: "target of Process"
 * @throws {CannotTravelError} when anything can't be sent; it lists all of it, and nothing has happened yet
 * @example capture({ target, args: [1, 2] }, scope, 'copy', 'target of Process')
 */
export function capture(value: unknown, scope: Scope, mode: Mode, what: string): Parcel {
  const draft = new Draft(scope, mode)
  const root: unknown[] = [undefined]
  draft.reserve('record', root)
  draft.reserve('record', draft.globals)
  draft.put(rootId, root, 0, value, { start: typeof value === 'function' ? value.name : '' })
  for (let next = draft.next(); next; next = draft.next()) pack(draft, next.id, next.value, next.trail)
  if (draft.obstacles.length > 0) throw new CannotTravelError(what, mode, draft.obstacles)
  return draft.finish()
}
