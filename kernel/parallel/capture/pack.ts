import { isNativeError, isProxy } from 'node:util/types'
import { builtinPath, rareBuiltinPath } from './builtins.ts'
import { codecFor } from './codecs.ts'
import { addedKeys } from '../../runtime/at-load.ts'
import type { Draft } from './draft.ts'
import { isCloned } from './cloned.ts'
import { isForeign } from './foreign.ts'
import { kindOf } from './kinds.ts'
import { originOf, type Origin } from './module-index.ts'
import { importsOfPackage, packageOriginOf } from './package-index.ts'
import { packPrivateFields } from './private-members.ts'
import { packPrototype } from './pack-class.ts'
import { packFunction } from './pack-function.ts'
import { packMissing, packProperties, packPrototypeOf } from './properties.ts'
import { proxy, refusalOf, refusalOfSubclass } from './refusals.ts'
import type { Trail } from './trail.ts'

/** Settles how a value that is no primitive is made in the worker, and notes what it needs. */
export function pack(draft: Draft, id: number, value: object | symbol, trail: Trail): void {
  // Asking it anything else would ask its realm, each time.
  if (isProxy(value) && isForeign(value as object)) return draft.shell(id, 'foreign', draft.foreign.push(value as object) - 1)
  if (packReference(draft, id, value, trail)) return
  if (typeof value === 'symbol') return packSymbol(draft, id, value)
  if (isProxy(value)) return draft.obstacle(trail, ...proxy)
  if (typeof value === 'function') return packFunction(draft, id, value, trail)
  if (!packPrototype(draft, id, value, trail)) packObject(draft, id, value, trail)
}

/** What the worker has, or can get, by itself. */
function packReference(draft: Draft, id: number, value: object | symbol, trail: Trail): boolean {
  const codec = codecFor(value)
  if (codec) {
    const shell = [codec.name, undefined]
    draft.shell(id, 'codec', shell)
    draft.put(id, shell, 1, codec.encoded(), { from: trail, step: '' })
    return true
  }
  const path = builtinPath(value)
  if (path) {
    draft.shell(id, 'builtin', path)
    return true
  }
  const origin = originOf(value, draft.scope.modules)
  if (!origin) return false
  packExport(draft, id, origin)
  // Some libraries give their classes methods when these are first used.
  if (origin.steps.at(-1) === '.prototype') packMissing(draft, id, value as object, addedKeys(value), trail)
  return true
}

function packExport(draft: Draft, id: number, origin: Origin): void {
  draft.modules.add(origin.specifier)
  draft.shell(id, 'export', origin)
}

function packSymbol(draft: Draft, id: number, symbol: symbol): void {
  const path = rareBuiltinPath(symbol)
  if (path) draft.shell(id, 'builtin', path)
  else draft.shell(id, 'symbol', { key: Symbol.keyFor(symbol), description: symbol.description })
}

function packObject(draft: Draft, id: number, value: object, trail: Trail): void {
  const kind = kindOf(value, draft.mode)
  if (kind.name === 'plain') {
    const refusal = refusalOf(value, draft.scope)
    if (refusal && (packRare(draft, id, value) || packCloned(draft, id, value) || packOwn(draft, id, value))) return
    if (refusal) return draft.obstacle(trail, ...refusal)
  } else if (!isNativeError(value)) {
    // An error has to arrive, even if its class would miss something.
    const refusal = refusalOfSubclass(value, draft.scope)
    if (refusal) return draft.obstacle(trail, ...refusal)
  }
  const type = packPrivateFields(draft, id, value, trail)
  if (type !== undefined) return packInstance(draft, id, value, type, trail)
  const shell = kind.shell(value, draft, id, trail)
  draft.shell(id, kind.name, shell)
  packPrototypeOf(draft, id, value, kind.prototype(shell), trail)
  packProperties(draft, id, value, kind.rest(value, shell), trail)
}

/** Only its class can make it. */
function packInstance(draft: Draft, id: number, value: object, type: number, trail: Trail): void {
  draft.shell(id, 'instance', type)
  packPrototypeOf(draft, id, value, undefined, trail)
  packProperties(draft, id, value, Reflect.ownKeys(value), trail)
}

/** What a package keeps for itself and a copy could not be made of: there, it has its own. */
function packOwn(draft: Draft, id: number, value: object): boolean {
  const origin = packageOriginOf(value, draft.packageFiles, draft.scope)
  if (!origin) return false
  packExport(draft, id, origin)
  for (const specifier of importsOfPackage(origin, draft.scope)) draft.modules.add(specifier)
  return true
}

/** Objects of Node that are made when they are first used, such as `crypto`. */
function packRare(draft: Draft, id: number, value: object): boolean {
  const path = rareBuiltinPath(value)
  if (path) draft.shell(id, 'builtin', path)
  return path !== undefined
}

/** What Node clones by itself, for other threads only. */
function packCloned(draft: Draft, id: number, value: object): boolean {
  const clones = draft.mode === 'share' && isCloned(value)
  if (clones) draft.shell(id, 'cloned', draft.shared.push(value) - 1)
  return clones
}
