import type { Scope } from '../capture/parcel.ts'
import type { CellSource } from '../protocol.ts'
import { realm } from './realm.ts'

/** The scope, with a note of each cell that something captured comes from. */
export function noting(scope: Scope, cells: Record<string, CellSource>): Scope {
  return {
    ...(scope.modules ? { modules: scope.modules } : {}),
    ...(scope.files ? { files: scope.files } : {}),
    lookup: name => scope.lookup(name),
    closure: fn => scope.closure(fn),
    bound: fn => scope.bound?.(fn),
    location: fn => {
      const location = scope.location(fn)
      const source = location && realm().cellSource(location.file)
      if (source) cells[location.file] = source
      return location
    }
  }
}
