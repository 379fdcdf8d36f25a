import { isModuleNamespaceObject, isSharedArrayBuffer } from 'node:util/types'
import { addedKeys, addedToFunction } from '../../runtime/at-load.ts'
import { builtinPath } from './builtins.ts'
import { isCloned } from './cloned.ts'
import { codecFor } from './codecs.ts'
import { globalsId } from './content.ts'
import { isChain, isLinked, type Chain, type Draft } from './draft.ts'
import { originOf } from './module-index.ts'
import type { Binding } from './parcel.ts'
import { packMissing } from './properties.ts'
import type { Trail } from './trail.ts'

/** Captures what a function uses by name, and returns the number of the scope that it closes over, -1 for none. */
export function packFreeNames(draft: Draft, fn: Function, names: readonly string[], trail: Trail): number {
  if (names.length === 0) return -1
  const chain = draft.closure(fn)
  const user = trail.from && !trail.from.from && trail.from.start === '' && fn.name ? { start: fn.name } : trail
  let closedOver: Chain | undefined
  for (const name of names) {
    const declared = chain.slice(chain.findIndex(({ variables }) => Object.hasOwn(variables, name)))
    const captured = isChain(declared) && Object.hasOwn(declared[0].variables, name)
    if (captured) packCaptured(draft, declared, name, user)
    else packGlobal(draft, name, user)
    if (captured && declared.length > (closedOver?.length ?? 0)) closedOver = declared
  }
  return closedOver ? draft.scopeOf(closedOver) : -1
}

/** Names that a class needs for the names of its members, and that V8 did not keep for it. */
export function lostNames(draft: Draft, fn: Function, names: readonly string[]): string[] {
  if (names.length === 0) return []
  const chain = draft.scope.closure(fn)
  const isCaptured = (name: string): boolean => chain.some(({ variables }) => Object.hasOwn(variables, name))
  const isKnown = (name: string): boolean =>
    name in globalThis || draft.scope.lookup(name) !== undefined || isCaptured(name)
  return names.filter(name => !isKnown(name))
}

function packCaptured(draft: Draft, chain: Chain, name: string, user: Trail): void {
  const id = draft.scopeOf(chain)
  const shell = draft.variablesOf(id)
  if (Object.hasOwn(shell, name)) return
  const value = chain[0].variables[name]
  const trail: Trail = { from: user, start: name, note: `captured variable "${name}"` }
  draft.put(id, shell, name, value, trail)
  if (isModuleNamespaceObject(value)) packSettings(draft, value as object, trail)
}

/** What exported objects of a library's module have got since it was loaded, for the library's code that uses it. */
function packSettings(draft: Draft, namespace: object, trail: Trail): void {
  for (const [key, value] of Object.entries(namespace)) {
    const added = addedKeys(value)
    if (added.length === 0) continue
    const from: Trail = { from: trail, key, holder: namespace }
    packMissing(draft, draft.refer(value as object, from), value as object, added, from)
  }
}

function packGlobal(draft: Draft, name: string, user: Trail): void {
  if (!draft.firstUse(name)) return
  const binding = draft.scope.lookup(name)
  if (binding?.kind === 'import') {
    draft.modules.add(binding.specifier)
    draft.imports[name] = [binding.specifier, binding.imported]
    noteAdditions(draft, binding)
  } else if (binding && draft.mode === 'share' && !travels(draft, binding.value, binding.constant)) {
    draft.remotes.push(name)
  } else if (binding) {
    if (binding.constant) draft.constants.push(name)
    const note = `notebook variable "${name}"`
    draft.put(globalsId, draft.globals, name, binding.value, { from: user, start: name, note })
  }
}

/** What a cell has given to a function that it imports is not there in a worker, which can say so when it is missed. */
function noteAdditions(draft: Draft, { specifier, imported }: Extract<Binding, { kind: 'import' }>): void {
  const namespace = draft.scope.modules?.get(specifier)
  if (!namespace || imported === '*') return
  for (const name of addedToFunction(Reflect.get(namespace, imported))) draft.additions[name] = specifier
}

/** Whether a thread gets the value of a notebook's variable, rather than access to the variable. */
function travels(draft: Draft, value: unknown, constant: boolean): boolean {
  if (!isLinked(value)) return constant
  if (typeof value === 'function' || codecFor(value) || isSharedMemory(value)) return true
  return constant && (isCloned(value) || builtinPath(value) !== undefined || originOf(value, draft.scope.modules) !== undefined)
}

const isSharedMemory = (value: unknown): boolean =>
  isSharedArrayBuffer(value) || (ArrayBuffer.isView(value) && isSharedArrayBuffer(value.buffer))
