import { isProxy } from 'node:util/types'
import { builtinPath, rareBuiltinPath } from './builtins.ts'
import { codecFor } from './codecs.ts'
import type { Draft } from './draft.ts'
import { isForeign } from './foreign.ts'
import { kindOf } from './kinds.ts'
import { originOf } from './module-index.ts'
import { packPrivateFields } from './private-members.ts'
import { packPrototype } from './pack-class.ts'
import { packFunction } from './pack-function.ts'
import { packProperties, packPrototypeOf } from './properties.ts'
import { proxy, refusalOf } from './refusals.ts'
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
  draft.modules.add(origin.specifier)
  draft.shell(id, 'export', origin)
  return true
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
    if (refusal && packRare(draft, id, value)) return
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

/** Objects of Node that are made when they are first used, such as `crypto`. */
function packRare(draft: Draft, id: number, value: object): boolean {
  const path = rareBuiltinPath(value)
  if (path) draft.shell(id, 'builtin', path)
  return path !== undefined
}
