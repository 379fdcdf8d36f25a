import type { CellRuntime } from '../language/runtime.ts'

/** A module's exports, found as a cell finds them, wherever this runs. */
export function importAsCell(specifier: string): Promise<unknown> {
  return (globalThis as unknown as { readonly __paracell__: CellRuntime }).__paracell__.import(specifier)
}
