import { builtinAt, type BuiltinPath } from './builtins.ts'
import { decodeWith } from './codecs.ts'
import { kindNamed } from './kinds.ts'
import { makeBound, makeFunction, makeMember } from './make-function.ts'
import type { Origin } from './module-index.ts'
import { bareInstance, initialField, type InitialShell } from './private-members.ts'
import { follow } from './owners.ts'
import type { Restoration } from './restoration.ts'

/** How a value is made from its shell. */
export interface Maker<S = unknown> {
  make(shell: S, from: Restoration): unknown
  complete?(made: unknown, shell: S): void
  /** Made last, from data that is complete. */
  readonly late?: boolean
}

/** The maker of a kind. */
export function makers(name: string): Maker {
  const maker = table[name] ?? kindNamed(name)
  if (!maker) throw new Error(`Values of kind "${name}" are unknown here.`)
  return maker as Maker
}

const table: Readonly<Record<string, Maker<never>>> = {
  record: { make: (shell: object) => shell },
  scope: { make: (shell: object) => shell },
  builtin: { make: (path: BuiltinPath) => builtinAt(path) },
  symbol: {
    make: ({ key, description }: { key?: string; description?: string }) =>
      key === undefined ? Symbol(description) : Symbol.for(key),
  },
  export: { make: makeExport },
  foreign: { make: (index: number, from) => from.foreign[index] },
  cloned: { make: (index: number, from) => from.shared[index] },
  codec: { make: ([name, data]: [string, unknown]) => decodeWith(name, data), late: true },
  function: { make: makeFunction },
  bound: { make: makeBound },
  member: { make: makeMember },
  instance: { make: (type: number, from) => bareInstance(from.make(type) as Function) },
  initial: { make: (shell: InitialShell, from) => initialField(from.make(shell.owner) as object, shell) },
  prototype: { make: (type: number, from) => (from.make(type) as { prototype: unknown }).prototype },
}

function makeExport({ specifier, steps }: Origin, from: Restoration): unknown {
  const found = follow(from.modules.get(specifier), steps)
  if (found === undefined) throw new Error(`"${specifier}" has no ${steps.join('')} here.`)
  return found
}
